"""A real service of the small bundle, its pages, and a real browser that opens them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.three_bundles import write_three
from tests.served_pages import needed_browser, served_pages
from tests.served_workers import served
from winnow.ops.load.service_process import free_port

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
PATIENT_MS = 20_000
"""Longest wait for something on a page: a busy machine takes ten times as long as a quiet one."""


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """A browser's page for the tests of one file, which keeps the scripts: they take longer to compile than most tests.

    While it is open, its thread is in an event loop, and other files have their own.
    """
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENT_MS)
        browser = playwright.chromium.launch(executable_path=needed_browser(), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_default_timeout(PATIENT_MS)
        yield tab
        browser.close()


@pytest.fixture
def page(tab: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of a visitor who comes for the first time; the test fails when a script does or asks another host.

    How the page looked at the end of the test is kept in the folder `artefacts`, for people who look at what CI did.
    """
    wrong: list[str] = []
    watched: dict[str, Callable[..., None]] = {
        "pageerror": lambda error: wrong.append(str(error)),
        "request": lambda sent: None if _is_ours(sent.url) else wrong.append(sent.url),
    }
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    for event, watch in watched.items():
        tab.on(event, watch)
    yield tab
    tab.screenshot(path=ARTEFACTS / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}.jpeg", type="jpeg")
    tab.evaluate("localStorage.clear()")
    tab.context.clear_cookies()
    tab.goto("about:blank")
    for event, watch in watched.items():
        tab.remove_listener(event, watch)
    assert wrong == []


@pytest.fixture(scope="session")
def service(bundle: Path) -> Iterator[str]:
    """The address of a service for all tests of a process: each names users of its own."""
    with served(bundle) as service:
        yield service.url


@pytest.fixture(scope="session")
def pages(service: str) -> Iterator[str]:
    """The address of its pages."""
    with served_pages(service) as url:
        yield url


@pytest.fixture(scope="session")
def registered(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service of three bundles; a test that moves them leaves the first one."""
    registry = tmp_path_factory.mktemp("registry")
    write_three(bundle, registry)
    with served(registry) as service:
        yield service.url


@pytest.fixture(scope="session")
def operated(registered: str) -> Iterator[str]:
    """The address of its pages, which may move bundles."""
    with served_pages(registered, may_operate=True) as url:
        yield url


@pytest.fixture(scope="session")
def nobody() -> int:
    """A port on which nobody listens."""
    return free_port()


@pytest.fixture(scope="session")
def lonely_pages(nobody: int) -> Iterator[str]:
    """The address of pages whose service is nobody, for whom they do not wait for long."""
    with served_pages(f"http://127.0.0.1:{nobody}", WINNOW_UI_TIMEOUT_S="0.5") as url:
        yield url


def _is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "data:", "blob:", "about:"))

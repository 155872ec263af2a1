"""A real service of the small bundle, its pages, and a real browser that opens them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.three_bundles import write_three
from tests.served_pages import needed_browser, served_pages
from tests.served_workers import served
from winnow.ops.load.service_process import free_port

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
PATIENT_MS = 20_000
"""Longest wait for something on a page: a busy machine takes ten times as long as a quiet one."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For the tests of one file: while it is open, its thread is in an event loop, and other files have their own."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENT_MS)
        browser = playwright.chromium.launch(executable_path=needed_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A visitor's browser of its own, which fails the test when a page's script does or it asks another host.

    How the page looked at the end of the test is kept in the folder `artefacts`, for people who look at what CI did.
    """
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENT_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if _is_ours(sent.url) else wrong.append(sent.url))
    yield page
    page.screenshot(path=ARTEFACTS / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}.png")
    context.close()
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
    return url.startswith(("http://127.0.0.1", "data:", "blob:"))

"""The web pages in a process of their own, and a real browser that opens them."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.refused import RefusedError
from winnow.ops.load.service_process import HOST, free_port

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_S = 60.0
CARD = ".grid .card"


@contextmanager
def shop_window(service: str, key: str, *, may_operate: bool = False) -> Iterator[str]:
    """The address of `winnow ui`, whose process has been started and may not answer yet; it ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "winnow.cli.main", "ui", "--service", service, "--port", str(port)]
    command += ["--operate"] if may_operate else []
    told = {**os.environ, "WINNOW_UI_KEY": key, "WINNOW_UI_ADMIN_KEY": key}
    process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def wait_until_open(url: str) -> None:
    """Until the pages answer.

    Raises:
        RefusedError: they do not, within a minute.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=START_S)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RefusedError(f"The pages at {url} did not answer within {START_S:g} s.")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window.

    Raises:
        RefusedError: none is installed.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise RefusedError(f"None of {', '.join(BROWSERS)} is on the PATH; `make browser` installs one.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()

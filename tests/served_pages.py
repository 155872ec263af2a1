"""The web pages in a process of their own, and a real browser that opens them."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.missing import missing
from tests.served_workers import KEY, address

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def served_pages(service: str, *users: str, may_operate: bool = False, **environment: str) -> Iterator[str]:
    """`winnow ui` on a free port until the end of the block; yields its address."""
    command = [sys.executable, "-m", "winnow.cli.main", "ui", "--service", service, "--port", "0"]
    command += [word for user in users for word in ("--user", user)]
    command += ["--operate"] if may_operate else []
    told = {**os.environ, "WINNOW_UI_KEY": KEY, "WINNOW_UI_ADMIN_KEY": KEY, "COLUMNS": "200", **environment}
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield address(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def needed_browser() -> str:
    """The path of a browser; without one the test is skipped, but fails where CI runs."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        missing(f"Needs a real browser: none of {', '.join(BROWSERS)} is on the PATH; `make browser` installs one.")
    return found

"""A program that a test needs and this machine lacks."""

import os
import shutil
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """The test is skipped, but fails where CI runs: there it would be skipped for ever."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def needed_openssl() -> None:
    """Of tests that make certificates."""
    if shutil.which("openssl") is None:
        missing("Needs the program openssl, which makes a certificate.")

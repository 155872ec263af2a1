"""The demo's shop window, as a process beside its service."""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import IO, cast

from winnow.cli.missing_package import remedy


def start_shop(service: str, port: int, keys: tuple[str, str], user: str) -> None:
    """Starts the pages; they end with this process, or with the one that takes its place by `execv`.

    Args:
        service: its address.
        port: of the pages.
        keys: that of visitors, and that which may do all.
        user: who comes first.
    """
    command = [sys.executable, "-m", "winnow.cli.main", "ui", "--service", service, "--port", str(port)]
    told = {**os.environ, "WINNOW_UI_KEY": keys[0], "WINNOW_UI_ADMIN_KEY": keys[1]}
    shop = subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--user", user, "--until-input-ends"], env=told, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    # Its input ends when the last copy of our end of the pipe is closed: this one stays open across `execv`, until the
    # process is gone, however it goes.
    os.set_inheritable(os.dup(cast("IO[bytes]", shop.stdin).fileno()), True)


def shop_missing() -> str:
    """Why there can be no shop window, a sentence; empty where there can be one."""
    return "" if find_spec("nicegui") else f"For the shop window: {remedy('nicegui')}."

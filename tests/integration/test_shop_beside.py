"""The demo's shop window lives as long as its service."""

import socket
import subprocess
import sys
from urllib.error import URLError
from urllib.request import urlopen

from tests.served_workers import START_S, wait_for

SERVICE = "import sys; sys.stdin.read()"
"""Stands for the service that takes the place of the demo's process."""
DEMO = """
import os, sys
from winnow.cli.shop_beside import start_shop
start_shop("http://127.0.0.1:9", int(sys.argv[1]), ("one", "two"), "u1")
os.execv(sys.executable, [sys.executable, "-c", sys.argv[2]])
"""


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except (URLError, ConnectionError):
        return False


def test_it_ends_with_the_service_even_one_that_is_killed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", DEMO, str(port), SERVICE]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as demo:
        wait_for(lambda: answers(port), START_S)
        demo.kill()
    wait_for(lambda: not answers(port), START_S)

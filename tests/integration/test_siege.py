"""Normal callers among many who hold connections open, send halves, and send what is large or deep."""

import socket
from contextlib import ExitStack

import pytest

from tests.unit.serving.live_service import live_service, raw_answer
from tests.unit.serving.small_engine import ALLOWED, small_engine
from winnow.api.client import Client
from winnow.serving.settings.settings import Settings

SLOW = 400
HEAD = b"POST /v1/recommendations HTTP/1.1\r\nHost: winnow\r\nConnection: close\r\nContent-Length: %d\r\n"


@pytest.fixture(scope="module")
def address():
    with live_service(small_engine(), Settings(port=0)) as address:
        yield address


def test_normal_callers_are_answered_among_those_who_are_not(address):
    with ExitStack() as held:
        for number in range(SLOW):
            caller = held.enter_context(socket.create_connection(address, timeout=10))
            caller.sendall(HEAD % 1000 + (b'\r\n{"user_id": "' if number % 2 else b"X-More"))
        client = Client("http://{}:{}".format(*address))
        for _ in range(20):
            large = held.enter_context(socket.create_connection(address, timeout=10))
            large.sendall(HEAD % (100 << 20) + b"\r\n" + b" " * 500_000)
            items = [item["item_id"] for item in client.recommend(k=7)["items"]]
            assert items == list(ALLOWED)
        client.close()


@pytest.mark.parametrize("deep", [b"[" * 500_000, b'{"context":' * 80_000, b"[" * 2000 + b"]" * 2000])
def test_what_is_nested_without_end_is_refused_and_the_next_caller_served(address, deep):
    assert raw_answer(address, HEAD % len(deep) + b"\r\n" + deep).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 422 "))
    assert raw_answer(address, HEAD % 2 + b"\r\n{}").startswith(b"HTTP/1.1 200 ")

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from uvicorn import Server

from tests.unit.serving.conftest import KEY
from tests.unit.serving.live_service import live_service, raw_answer, wait_for
from tests.unit.serving.small_engine import small_engine
from winnow.api.limits import MAX_BODY_BYTES
from winnow.schema.errors import SettingsError
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.process.listening import open_socket
from winnow.serving.serve import serve
from winnow.serving.settings.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def address():
    with live_service(small_engine(), Settings(port=0, key_hashes=hashed_keys([KEY]))) as address:
        yield address


def post(body: bytes, *headers: str) -> bytes:
    lines = [
        "POST /v1/recommendations HTTP/1.1",
        "Host: winnow",
        f"X-API-Key: {KEY}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_request_over_a_real_socket_is_answered(address):
    answer = raw_answer(address, post(b'{"k": 1}', "Content-Length: 8"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"item_id":"item-0"' in answer
    assert b"\r\nserver:" not in answer.lower()


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 4 * MAX_BODY_BYTES])
def test_who_sends_too_much_gets_to_read_why(address, size):
    answer = raw_answer(address, post(b" " * size, f"Content-Length: {size}"))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"1,048,576 bytes" in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        post(b"zz\r\n", "Transfer-Encoding: chunked"),
    ],
)
def test_what_is_not_http_is_refused_and_the_next_caller_is_served(address, request_bytes):
    assert raw_answer(address, request_bytes).startswith(b"HTTP/1.1 400 ")
    assert raw_answer(address, post(b"{}", "Content-Length: 2")).startswith(b"HTTP/1.1 200 ")


def test_a_caller_who_hangs_up_halfway_harms_nobody(address):
    with socket.create_connection(address) as connection:
        connection.sendall(post(b'{"k"', "Content-Length: 1000"))
    assert raw_answer(address, post(b"{}", "Content-Length: 2")).startswith(b"HTTP/1.1 200 ")


def test_the_kernel_does_not_hold_answers_back():
    with open_socket(Settings(port=0)) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_an_address_that_is_taken_is_a_sentence():
    with open_socket(Settings(port=0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Cannot listen on 127.0.0.1, port {port}: .*WINNOW_PORT"):
            open_socket(Settings(port=port))


def test_an_address_of_another_machine_is_a_sentence():
    with pytest.raises(SettingsError, match=r"Cannot listen on 192\.0\.2\.1, port"):
        open_socket(Settings(host="192.0.2.1", port=0))


def test_the_address_is_announced_with_its_port_once_callers_are_let_in(monkeypatch):
    heard = []
    monkeypatch.setattr(Server, "run", lambda server, sockets: heard.append(sockets[0].getsockname()))

    def announce(url):
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=10):
            heard.append((address.hostname, address.port))

    serve(small_engine(), Settings(port=0), announce)
    gc.unfreeze()  # these tests go on
    assert heard[0] == heard[1]
    assert heard[0][1] > 0


def test_no_address_is_announced_when_it_is_taken():
    heard = []
    with open_socket(Settings(port=0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port}"):
            serve(small_engine(), Settings(port=port), heard.append)
    assert heard == []


SERVE = """
from tests.unit.serving.small_engine import small_engine
from winnow.serving.serve import serve
from winnow.serving.settings.settings import read_settings

serve(small_engine(), read_settings(), print)
"""


@contextmanager
def served_by_a_process(log: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    with open_socket(Settings(port=0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "WINNOW_PORT": str(port), "WINNOW_API_KEYS": KEY, "WINNOW_LOG_FORMAT": "json"}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, env=environment, stderr=output)
    try:
        wait_for(lambda: b"startup complete" in log.read_bytes(), limit_s=30)
        yield process, port
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
def test_a_service_that_is_told_to_stop_finishes_what_it_does_and_goes(sign, code, tmp_path):
    log = tmp_path / "log"
    with served_by_a_process(log) as (process, port):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(post(b'{"k"', "Content-Length: 8", "Expect: 100-continue"))
            # So says the service when it waits for the body: the request is in flight.
            assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
            process.send_signal(sign)
            wait_for(lambda: b"Shutting down" in log.read_bytes())
            connection.sendall(b": 1}")
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert process.wait(timeout=20) == code
    assert KEY.encode() not in log.read_bytes()
    assert {json.loads(line)["level"] for line in log.read_bytes().splitlines()} == {"info"}

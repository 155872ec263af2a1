import asyncio
import re
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from tests.unit.serving.door.doorway import LAST, doorway, get, post, rest
from tests.unit.serving.live_service import wait_for
from winnow.serving.door.door import Door
from winnow.serving.door.exchange import Exchange
from winnow.serving.door.limits import Limits

SHORT_S = 0.05
SCOPE = {"type": "http", "method": "GET", "path": "/v1/echo", "http_version": "1.1", "state": {}}


def test_who_does_not_send_in_time_is_told_so():
    with doorway(head_s=SHORT_S, body_s=SHORT_S) as place:
        for half in (b"GET /v1/echo HTT", get("/v1/echo")[:-2], post("/v1/echo", b"body")[:-1]):
            answer = place.ask(half)
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b'"slow"' in answer
        # Nobody asked for anything: nobody is answered.
        assert place.ask(b"") == b""
        assert place.reasons == ["slow"] * 3


def test_bytes_that_trickle_win_no_time():
    with doorway(head_s=SHORT_S) as place, place.connect() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nX-Endless: ")
        answer = b""
        caller.settimeout(0.01)
        while not answer:
            caller.sendall(b"x")
            try:
                answer = caller.recv(65_536)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_is_not_used_ends():
    with doorway(idle_s=SHORT_S) as place, place.connect() as caller:
        caller.sendall(get("/v1/echo?used"))
        answer = rest(caller)
        assert answer.endswith(b"used")
        assert place.reasons == []


def test_who_does_not_read_is_cut_off():
    with doorway(send_s=SHORT_S) as place, place.connect() as caller:
        caller.sendall(get("/v1/large"))
        caller.recv(1)
        wait_for(lambda: place.num_connections == 0)


@pytest.mark.parametrize("head", [b"X: y\r\n" * 20_000, b"X: " + b"y" * 100_000, b""])
def test_headers_without_end_are_refused(head):
    with doorway() as place:
        line = b"GET /v1/echo HTTP/1.1\r\n" if head else b"GET /" + b"y" * 100_000
        answer = place.ask(line + head)
        assert answer.startswith(b"HTTP/1.1 431 ")
        assert place.reasons == ["large_head"]


@pytest.mark.parametrize("header", [b"X: y\r\n" * 11_000, b"X: " + b"y" * 66_000 + b"\r\n"])
@pytest.mark.parametrize("piece", [1_000_000, 8_000])
def test_headers_that_end_beyond_the_limit_are_refused_however_they_come(header, piece):
    with doorway() as place, place.connect() as caller:
        request = b"GET /v1/echo HTTP/1.1\r\n" + header + b"\r\n"
        for start in range(0, len(request), piece):
            caller.sendall(request[start : start + piece])
        assert rest(caller).startswith(b"HTTP/1.1 431 ")
        assert place.reasons == ["large_head"]


def test_headers_up_to_the_limit_are_taken_and_those_of_each_request_count_alone():
    with doorway() as place:
        request = b"GET /v1/echo?%d HTTP/1.1\r\nX: " + b"y" * 60_000 + b"\r\n%s\r\n"
        answer = place.ask(request % (1, b"") + request % (2, b"Connection: close\r\n"))
        assert answer.count(b"HTTP/1.1 200 ") == 2


def test_who_comes_when_there_is_no_place_takes_that_of_who_waits_longest():
    with doorway(connections=2) as place, place.connect() as first, place.connect() as second:
        wait_for(lambda: place.num_connections == 2)
        assert place.ask(get("/v1/echo?third", LAST)).endswith(b"third")
        assert rest(first) == b""
        second.sendall(get("/v1/echo?second", LAST))
        assert rest(second).endswith(b"second")


def test_who_comes_when_everybody_is_being_answered_is_sent_away():
    with doorway(connections=1) as place, place.connect() as first:
        first.sendall(get("/v1/wait", LAST))
        place.begun.acquire(timeout=10)
        with place.connect() as second:
            assert rest(second).startswith(b"HTTP/1.1 503 ")
        place.release()
        assert rest(first).endswith(b"waited")
        assert place.reasons == ["crowded"]


def test_more_requests_than_may_be_at_work_are_refused_at_once_but_for_questions_of_health():
    with doorway(at_work=1) as place, place.connect() as first:
        first.sendall(get("/v1/wait", LAST))
        place.begun.acquire(timeout=10)
        answer = place.ask(get("/v1/echo", LAST))
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: 1\r\n".lower() in answer.lower()
        assert place.ask(get("/healthz?well", LAST)).endswith(b"well")
        place.release()
        assert rest(first).endswith(b"waited")
        assert place.ask(get("/v1/echo?again", LAST)).endswith(b"again")


def test_a_request_that_waited_too_long_is_refused_and_the_connection_stays():
    with doorway(queued_s=-1) as place, place.connect() as caller:
        caller.sendall(get("/v1/echo") + get("/healthz?well") + get("/v1/echo", LAST))
        answer = rest(caller)
        assert re.findall(rb"HTTP/1.1 (\d+) ", answer) == [b"503", b"200", b"503"]
        assert place.reasons == ["busy", "busy"]


@pytest.mark.parametrize(("waited_s", "reasons"), [(0.4, []), (0.6, ["busy"])])
def test_how_long_a_request_waited_counts_from_its_end_to_its_turn(waited_s, reasons):
    now, refused, asked = [7.0], [], []

    async def app(scope, receive, send):
        asked.append(scope["path"])

    async def turn():
        door = Door(Limits(queued_s=0.5), refused.append, clock=lambda: now[0])
        state = SimpleNamespace(connections=set(), tasks=set(), default_headers=[], total_requests=0)
        door(config=SimpleNamespace(loaded_app=app), server_state=state)
        exchange = Exchange(Mock(default_headers=[]), SCOPE, keep_alive=True, expects=False)
        exchange.end(door.now())
        door.start(exchange)
        now[0] += waited_s
        await exchange.task

    asyncio.run(turn())
    assert refused == reasons
    assert asked == ([] if reasons else ["/v1/echo"])


def test_bodies_that_do_not_fit_into_memory_are_refused_and_small_ones_pass():
    with doorway(held_bytes=100_000) as place:
        answer = place.ask(get("/v1/echo", "Content-Length: 900000", method="POST") + b"x" * 300_000)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert place.ask(post("/v1/echo", b"small", LAST)).endswith(b"small")


def test_the_service_ends_when_it_has_answered():
    with doorway() as place, place.connect() as idle, place.connect() as busy:
        idle.sendall(get("/v1/echo?idle"))
        assert idle.recv(65_536).endswith(b"idle")
        busy.sendall(get("/v1/wait"))
        place.begun.acquire(timeout=10)
        place.server.should_exit = True
        assert rest(idle) == b""
        with pytest.raises(ConnectionRefusedError):
            place.connect()
        place.release()
        answer = rest(busy)
        assert answer.endswith(b"waited")
        assert b"\r\nconnection: close\r\n" in answer

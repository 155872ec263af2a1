import pytest

from tests.unit.serving.door.doorway import LAST, doorway, get, post, rest


@pytest.fixture(scope="module")
def place():
    with doorway() as place:
        yield place


def statuses(answer: bytes) -> list[bytes]:
    return [line.split()[1] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


def bodies(answer: bytes) -> list[bytes]:
    """Of answers whose bodies have no line ends."""
    parts = answer.split(b"\r\n\r\n")[1:]
    return [part.split(b"HTTP/1.1 ")[0] for part in parts]


def test_a_connection_is_kept_and_requests_that_are_sent_ahead_are_answered_in_order(place):
    with place.connect() as caller:
        caller.sendall(get("/v1/echo?one"))
        assert caller.recv(65_536).endswith(b"\r\n\r\none")
        caller.sendall(post("/v1/echo", b"two") + get("/v1/echo?three") + get("/v1/echo?four", LAST))
        assert bodies(rest(caller)) == [b"two", b"three", b"four"]


def test_a_request_may_come_byte_by_byte(place):
    with place.connect() as caller:
        for byte in post("/v1/echo?!", b"body", LAST):
            caller.sendall(bytes([byte]))
        assert bodies(rest(caller)) == [b"body!"]


def test_a_body_may_come_in_pieces_of_unknown_number(place):
    pieces = b"3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: x\r\n\r\n"
    request = get("/v1/echo", "Transfer-Encoding: chunked", LAST, method="POST") + pieces
    assert bodies(place.ask(request)) == [b"abcdefg"]


def test_an_answer_may_go_in_pieces_of_unknown_number(place):
    answer = place.ask(get("/v1/parts", LAST))
    assert b"\r\ntransfer-encoding: chunked\r\n" in answer
    assert answer.endswith(b"\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")
    # A caller of long ago knows no pieces: the end of the connection is that of the answer.
    assert place.ask(get("/v1/parts", version="1.0")).endswith(b"\r\n\r\nonethree")


def test_who_asks_for_the_head_gets_no_body(place):
    answer = place.ask(get("/v1/echo?three", LAST, method="HEAD"))
    assert b"\r\ncontent-length: 5\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_every_answer_is_dated_and_the_last_one_says_so(place):
    answer = place.ask(get("/v1/echo", LAST)).lower()
    assert b"\r\ndate: " in answer
    assert b"\r\nconnection: close\r\n" in answer


def test_who_sends_nothing_more_may_still_read(place):
    with place.connect() as caller:
        caller.sendall(get("/v1/wait"))
        place.begun.acquire(timeout=10)
        caller.shutdown(1)
        place.release()
        assert rest(caller).endswith(b"waited")


def test_an_answer_before_the_end_of_the_body_can_be_read_and_is_the_last(place):
    with place.connect() as caller:
        caller.sendall(get("/v1/early", "Content-Length: 30000000", method="POST") + b"x" * 1_000_000)
        answer = rest(caller)
    assert statuses(answer) == [b"401"]
    assert b"\r\nconnection: close\r\n" in answer


def test_another_protocol_is_not_spoken(place):
    wish = ("Connection: Upgrade", "Upgrade: h2c")
    assert bodies(place.ask(get("/v1/echo?plain", *wish))) == [b"plain"]
    assert statuses(place.ask(post("/v1/echo", b"body", *wish))) == [b"400"]


@pytest.mark.parametrize(
    "broken",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",  # TLS
        b"CONNECT there:443 HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /v1/echo HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
        b"POST /v1/echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"GET /v1/echo HTTP/1.1\r\nA : b\r\n\r\n",
    ],
)
def test_what_is_not_plain_http_is_refused_in_words(place, broken):
    answer = place.ask(broken)
    assert statuses(answer) == [b"400"]
    assert b'"malformed_http"' in answer
    assert b"\r\nx-content-type-options: nosniff\r\n" in answer


def test_what_was_whole_before_the_fault_is_answered(place):
    answer = place.ask(get("/v1/echo?first") + post("/v1/echo", b"second") + b"\x00\x01nonsense")
    assert bodies(answer) == [b"first", b"second"]


def test_a_caller_who_goes_is_forgotten(place):
    before = place.num_connections
    with place.connect() as caller:
        caller.sendall(get("/v1/echo", "Content-Length: 10", method="POST") + b"half")
    assert place.ask(get("/v1/echo?next", LAST)).endswith(b"next")
    assert place.num_connections <= before + 1

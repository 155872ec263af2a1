"""Orders to all workers of a service, on a Valkey server."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_script import Script

GIVE, REPORT = Script.of("valkey_order"), Script.of("valkey_report")
STREAM, WORDS, MARKS, WORKERS = (f"{{fleet}}:{name}" for name in ("orders", "words", "marks", "workers"))
KEPT = 4_000
"""Entries of the stream; each is a name and a number. Who is further behind begins anew, with the last words."""
AT_ONCE = 256
DEAD_S = 5.0
"""A worker that has said nothing for so long is not waited for."""
REFUSALS_S = 600
BLOCK_S = 1.0
"""Longest wait for the next order."""
SHARE = 0.25
"""Of the longest wait for an answer that the URL allows: no wait for an order may be taken for silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a reader of orders stands.

    Attributes:
        number: of the last order that was read, 0 for none.
        token: of that order. A server that lost its last orders may give their numbers again, but no token.
    """

    number: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What a living worker has said last.

    Attributes:
        name: unique.
        said: bytes of its own.
        refusal: why it refuses the order that was asked about; None if it does not.
    """

    name: str
    said: bytes
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyOrders:
    """A sequence of orders, of which only the last word on each subject is kept. Safe to share between threads.

    The words are in a hash, and the stream only says on which subject there is a new one: so that it is small, a worker
    that was away hears of each subject once, and one that begins reads the hash and follows from there.

    Attributes:
        client: of the server; its answers may be large, and it waits for orders.
        fresh_token: a text that no other order has.
    """

    client: ValkeyClient
    fresh_token: Callable[[], str] = token_hex

    def give(self, subject: str, word: bytes) -> int:
        """Adds an order; returns its number.

        Raises:
            Unavailable: the server does not answer, or refuses it; then nobody hears of it, unless its answer was lost.
        """
        arguments: list[str | bytes | int] = [subject, word, self.fresh_token(), KEPT]
        return self.client.run(GIVE, [([STREAM, WORDS, MARKS], arguments)])[0]

    def marks(self) -> tuple[Place, Mapping[str, bytes]]:
        """Where to follow from, and a mark for each subject, which changes with each word on it. Raises Unavailable."""
        last, marks = self.client.send([("XREVRANGE", STREAM, "+", "-", "COUNT", 1), ("HGETALL", MARKS)])
        place = _place(last[0]) if last else Place()
        return place, {subject.decode(): mark for subject, mark in marks.items()}

    def words(self, subjects: Sequence[str]) -> list[tuple[bytes, bytes]]:
        """Mark and last word of each subject; two empty ones where there is none. Raises Unavailable."""
        if not subjects:
            return []
        kept: Sequence[bytes | None] = self.client.send([("HMGET", WORDS, *subjects)])[0]
        parts = ((each or b"").partition(b"\n") for each in kept)
        return [(mark, word) for mark, _, word in parts]

    def after(self, place: Place, wait_s: float = BLOCK_S) -> list[tuple[Place, str]] | None:
        """The next orders with their subjects, none if none came in time.

        Args:
            place: of the last one that was read.
            wait_s: for the next one, at most; 0 does not wait.

        Returns:
            None where the orders after that place are not known any more, and `marks` are to be read anew.

        Raises:
            Unavailable: the server does not answer.
        """
        name = f"{place.number}-1"
        wait_ms = math.ceil(1e3 * min(wait_s, SHARE * self.client.read_timeout_s))
        block = ("BLOCK", wait_ms) if wait_ms else ()
        there, answer = self.client.send(
            [("XRANGE", STREAM, name, name), ("XREAD", "COUNT", AT_ONCE, *block, "STREAMS", STREAM, name)]
        )
        entries: Sequence[Any] = answer[0][1] if answer else ()
        found = [(_place(each), each[1][b"subject"].decode()) for each in entries]
        known = _place(there[0]) if there else Place()
        is_next = not found or found[0][0].number == place.number + 1
        return found if known == place and is_next else None

    def report(self, name: str, said: bytes, number: int = 0, refusal: str = "") -> int:
        """Says that a worker lives; returns the number of the last order.

        Args:
            name: of the worker.
            said: whatever it has to say.
            number: of the order that it refuses, if any.
            refusal: why.

        Raises:
            Unavailable: the server does not answer.
        """
        arguments: list[str | bytes | int] = [name, said, int(1e3 * DEAD_S), refusal, REFUSALS_S]
        return self.client.run(REPORT, [([WORKERS, STREAM, _refusals(number)], arguments)])[0]

    def workers(self, number: int = 0) -> list[Worker]:
        """Who lives by the server's clock, with what each says of an order. Raises Unavailable."""
        commands = [("TIME",), ("HGETALL", WORKERS), ("HGETALL", _refusals(number))]
        now, said, refusals = self.client.send(commands)
        parts = {name: each.split(b" ", 1) for name, each in said.items()}
        dead = 1e3 * (now[0] - DEAD_S) + now[1] / 1e3
        return [
            Worker(name=name.decode(), said=each, refusal=refusals[name].decode() if name in refusals else None)
            for name, (at, each) in sorted(parts.items())
            if int(at) >= dead
        ]

    def server(self) -> tuple[str, bool]:
        """Which run of a server this is, and whether it writes orders to its disk. Raises Unavailable."""
        server, persistence = self.client.send([("INFO", "server"), ("INFO", "persistence")])
        return server["run_id"], bool(persistence["aof_enabled"])

    def leave(self, name: str) -> None:
        """Says that a worker goes, and is not to be waited for. Raises Unavailable."""
        self.client.send([("HDEL", WORKERS, name)])


def _place(entry: Any) -> Place:
    name, fields = entry
    return Place(number=int(name.split(b"-")[0]), token=fields[b"token"].decode())


def _refusals(number: int) -> str:
    return f"{{fleet}}:refused:{number}"

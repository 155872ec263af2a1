"""A server on which names move, cut short at will, and all that it keeps."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from winnow.schema.errors import Unavailable
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.seen_layout import SeenConfig
from winnow.stores.state_config import StateConfig
from winnow.stores.valkey_client import ValkeyClient

NOW = float(int(time.time()))
"""The server deletes by its own clock, so that cases happen now."""
SESSION = "session:s"
CONFIG = StateConfig(length=3, seen=SeenConfig(items_a_day=5), counted=counted_types(["view"]))
STEPS = 3


class CutClient:
    """Loses the connection at one of the calls of a script: before it is sent, or before its answer comes."""

    def __init__(self, client: ValkeyClient, at: int, *, is_sent: bool):
        self.client, self.left, self.is_sent = client, at, is_sent

    def run(self, script: Any, calls: Sequence[Any]) -> list[Any]:
        self.left -= 1
        if self.left >= 0:
            return self.client.run(script, calls)
        if self.is_sent:
            self.client.run(script, calls)
        raise Unavailable("The state store does not answer.")


def event(name: str, who: str, item_id: str = "pen", at: float = 0.0, type: str = "view") -> Event:
    """One that happened some seconds from now."""
    return Event(event_id=name, user_id=who, item_id=item_id, type=type, at=NOW + at)


def kept(client: ValkeyClient) -> dict[str, Any]:
    """All that a server holds, by key; whatever its tokens and the numbers of its log entries."""
    keys = sorted(key.decode() for key in client.send([("KEYS", "*")])[0])
    assert not [key for key in keys if key.endswith(":merging")]
    return {key.partition("merged:")[0]: _value(client, key) for key in keys}


def merges(client: ValkeyClient, log: str) -> Iterator[dict[str, str]]:
    """The entries of merges in a log."""
    for _, entry in client.send([("XRANGE", log, "-", "+")])[0]:
        fields = {name.decode(): value.decode() for name, value in entry.items()}
        if "kind" in fields:
            yield fields


def life_s(client: ValkeyClient, key: str) -> float:
    """Seconds that a key will live; -1 if there is no end to it, -2 if there is no such key."""
    return client.send([("TTL", key)])[0]


def _value(client: ValkeyClient, key: str) -> Any:
    (kind,) = client.send([("TYPE", key)])
    match kind:
        case b"zset":
            return client.send([("ZRANGE", key, 0, -1, "WITHSCORES")])
        case b"stream":
            return [entry for _, entry in client.send([("XRANGE", key, "-", "+")])[0]]
        case b"set":
            return client.send([("SMEMBERS", key)])
        case b"hash":
            return client.send([("HGETALL", key)])
        case _:
            return client.send([("GET", key)])

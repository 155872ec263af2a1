"""Of whom a Valkey server still holds entries of the log."""

from collections.abc import Iterator
from typing import Any

from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import log_key, log_shards

NAMING = frozenset({b"user_id", b"source", b"target"})
"""Fields of an entry that name somebody."""
ENTRIES_A_STREAM = 500


def waiting_names(client: ValkeyClient) -> set[str]:
    """Everybody of whom something is not settled yet; it only looks, and a worker may be taking entries meanwhile.

    Raises:
        Unavailable: the server does not answer.
    """
    found = set[str]()
    after = {log_key(shard): b"-" for shard in log_shards()}
    while after:
        commands = [("XRANGE", key, first, "+", "COUNT", ENTRIES_A_STREAM) for key, first in after.items()]
        answers: dict[str, list[Any]] = dict(zip(after, client.send(commands), strict=True))
        found.update(name for entries in answers.values() for _, fields in entries for name in _names(fields))
        after = {key: b"(" + entries[-1][0] for key, entries in answers.items() if len(entries) == ENTRIES_A_STREAM}
    return found


def _names(fields: dict[bytes, bytes]) -> Iterator[str]:
    return (value.decode(errors="replace") for field, value in fields.items() if field in NAMING)

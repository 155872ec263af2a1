"""The log of what visitors did, on a Valkey server, for the one who writes it to disk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from valkey.exceptions import ResponseError

from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores.log_entry import LogEntry
from winnow.stores.valkey_client import Command, ValkeyClient
from winnow.stores.valkey_keys import log_key, log_shards
from winnow.stores.valkey_script import Script

OPEN, OWN = Script.of("valkey_log"), Script.of("valkey_log_owner")
GROUP, CONSUMER, OWNER_KEY = "parquet", "worker", "log:owner"
ENTRIES_A_STREAM = 100
"""At once: of 256 streams that is what a process holds with ease, and what the server sends without a pause."""
NAMES_A_CALL = 1_000


@dataclass(slots=True, kw_only=True)
class ValkeyLog:
    """An EventSource over the streams of all shards, read by one group, of which one process at a time is the reader.

    Entries that were given out and not settled, to whomever, are claimed anew when the reader starts, and after every
    fault: an answer may be lost on its way. What is settled leaves the streams, and only that.

    Attributes:
        client: of the server; patient, for an answer may be large.
        owner: names the folder that the log is written to.
    """

    client: ValkeyClient
    owner: str
    _groups: list[list[str]] | None = field(default=None, init=False)

    def read(self) -> Sequence[LogEntry]:
        """As in EventSource.

        Raises:
            Unavailable: it does not answer; what it may have given out comes again.
            SettingsError: the log is written to another folder.
        """
        try:
            if self._groups is None:
                self._groups, waiting = self._open(), self._waiting()
                if waiting:
                    return waiting
            return self._new(self._groups)
        except Unavailable:
            self._groups = None
            raise
        except ResponseError as error:
            self._groups = None
            if not str(error).startswith("NOGROUP"):
                raise
            raise Unavailable(
                f"The state store at {self.client.address} was started anew and its log is empty; it is read from its "
                "beginning."
            ) from error

    def settle(self, entries: Sequence[LogEntry]) -> None:
        """As in EventSource; an entry that is deleted and still waits is passed over by the server."""
        by_stream: dict[str, list[str]] = {}
        for entry in entries:
            by_stream.setdefault(entry.stream, []).append(f"{entry.place[0]}-{entry.place[1]}")
        try:
            self.client.send([each for shard, names in by_stream.items() for each in _settling(log_key(shard), names)])
        except Unavailable:
            self._groups = None
            raise

    def _open(self) -> list[list[str]]:
        """Makes what is missing; the streams that one command may read."""
        (owner,) = self.client.run(OWN, [([OWNER_KEY], [self.owner])])
        (cluster,) = self.client.send([("INFO", "cluster")])
        if owner.decode() != self.owner:
            raise SettingsError(
                f"The events of the server at {self.client.address} are written to another folder already (its mark: "
                f"{owner.decode()}), and two would each have a part of them. Give that folder (WINNOW_EVENTS); if it "
                f"is gone for good, delete the key {OWNER_KEY} on the server."
            )
        keys = [log_key(shard) for shard in log_shards()]
        self.client.run(OPEN, [([key], [GROUP]) for key in keys])
        return [[key] for key in keys] if cluster["cluster_enabled"] else [keys]

    def _new(self, groups: Sequence[Sequence[str]]) -> list[LogEntry]:
        head = ("XREADGROUP", "GROUP", GROUP, CONSUMER, "COUNT", ENTRIES_A_STREAM, "STREAMS")
        replies = self.client.send([(*head, *keys, *[">"] * len(keys)) for keys in groups])
        streams: list[tuple[bytes, Any]] = list(chain.from_iterable(reply or [] for reply in replies))
        return [each for key, entries in streams for each in _entries(key.decode(), entries)]

    def _waiting(self) -> list[LogEntry]:
        """What was given out and not settled, of each stream in order."""
        found: list[LogEntry] = []
        after = {log_key(shard): "0-0" for shard in log_shards()}
        while after:
            commands = [("XAUTOCLAIM", key, GROUP, CONSUMER, 0, start, "COUNT", 1_000) for key, start in after.items()]
            answers = list(zip(after, self.client.send(commands), strict=True))
            found += [each for key, (_, entries, *_) in answers for each in _entries(key, entries)]
            after = {key: start.decode() for key, (start, *_) in answers if start != b"0-0"}
        return found


def _entries(key: str, entries: Sequence[tuple[bytes | None, Any]]) -> Iterator[LogEntry]:
    shard = key[1 : key.index("}")]
    for name, fields in entries:
        if name is None or fields is None:  # deleted meanwhile
            continue
        ms, number = map(int, name.split(b"-"))
        told = {_text(field): _text(value) for field, value in fields.items()}
        yield LogEntry(stream=shard, place=(ms, number), arrived_at=ms / 1e3, told=told)


def _text(value: bytes) -> str:
    return value.decode(errors="replace")


def _settling(key: str, names: Sequence[str]) -> Iterator[Command]:
    """Deleted first: what is acknowledged and still there would never be read, and never go."""
    for start in range(0, len(names), NAMES_A_CALL):
        some = names[start : start + NAMES_A_CALL]
        yield ("XDEL", key, *some)
        yield ("XACK", key, GROUP, *some)

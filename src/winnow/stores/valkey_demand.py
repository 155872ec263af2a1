"""What is in demand, counted on a Valkey server."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from winnow.schema.errors import SettingsError
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.log_entry import LogEntry
from winnow.stores.state_config import HALF_LIFE_S
from winnow.stores.valkey_client import Call, ValkeyClient
from winnow.stores.valkey_keys import counted_key, demand_key
from winnow.stores.valkey_script import Script

COUNT = Script.of("valkey_demand")
DAY_S = 86_400.0
EVENTS_A_CALL = 1_000
"""The server does nothing else meanwhile, for a few milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyDemand:
    """Counts what comes out of the log, for `ValkeyState.demand` of all services to read.

    An event counts once however often it is read, as long as entries of a shard come in rising order but for those that
    come again. Only a server that lost its last seconds, and counts and log to different extents, may be off by them.

    Attributes:
        client: of the server.
        half_life_s: after which an event weighs half; that of the bundle.
    """

    client: ValkeyClient
    half_life_s: float = HALF_LIFE_S

    def count(self, entries: Sequence[LogEntry]) -> int:
        """Counts the events among some entries; returns how many were new.

        Raises:
            Unavailable: some may not be counted; send the same again, before any later ones.
            SettingsError: what is there is counted with another half-life; none of these are counted.
        """
        by_type: dict[str, list[LogEntry]] = {}
        for entry in entries:
            if entry.is_event and entry.told["type"] in CODE_OF_TYPE:
                by_type.setdefault(entry.told["type"], []).append(entry)
        calls = [
            self._call(event_type, own[start : start + EVENTS_A_CALL])
            for event_type, own in by_type.items()
            for start in range(0, len(own), EVENTS_A_CALL)
        ]
        answers = self.client.run(COUNT, calls) if calls else []
        for answer in answers:
            if sentence := other_half_life(answer, self.half_life_s, self.client.address):
                raise SettingsError(sentence)
        return sum(answers)

    def _call(self, event_type: str, entries: Sequence[LogEntry]) -> Call:
        arguments: list[str | bytes | int] = [repr(self.half_life_s)]
        hashes: list[int] = stable_hashes(entry.told["item_id"] for entry in entries).tolist()
        for entry, item_hash in zip(entries, hashes, strict=True):
            arguments += entry.stream, *entry.place, struct.pack("<Qd", item_hash, float(entry.told["at"]))
        return [demand_key(event_type), counted_key(event_type)], arguments


def other_half_life(counted_with: bytes | int | None, wanted_s: float, address: str) -> str:
    """What to say where demand is counted with another half-life, since sums of both would mean nothing; else empty.

    Args:
        counted_with: the half-life of what is on the server, seconds as text; anything else if it is no other one.
        wanted_s: of the worker or the bundle.
        address: of the server.
    """
    if not isinstance(counted_with, bytes) or float(counted_with) == wanted_s:
        return ""
    there, here = float(counted_with) / DAY_S, wanted_s / DAY_S
    return (
        f"The server at {address} counts demand with a half-life of {there:g} days, and here it is {here:g}. "
        "Start `winnow worker` with the --half-life-days of the recipe; if the recipe has changed, "
        "delete the keys *demand:* on the server first, and demand is counted anew."
    )

"""What is on its way from one user to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """All that was kept of one user, put aside on the server for another.

    Attributes:
        source, target: outside names.
        token: unique; what stands for it with the target says that the parcel has come.
        at: when it was put aside, UTC seconds as text.
        count: how many events the source ever had.
        events: bytes of members of sorted sets, each with the code of its type, in order of their arrival.
        seen: bitmaps by UTC day since 1970.
    """

    source: str
    target: str
    token: str
    at: str
    count: int
    events: Sequence[tuple[bytes, int]]
    seen: Mapping[int, bytes]

    @staticmethod
    def of(source: str, days: Sequence[int], answer: Sequence[Any]) -> "Parcel":
        """From the answer of `valkey_take.lua`, which was asked for some days."""
        token, target, at, count, members, bitmaps = answer
        return Parcel(
            source=source,
            target=target.decode(),
            token=token.decode(),
            at=at.decode(),
            count=int(count),
            # A member begins with the number of its arrival, the highest byte first.
            events=sorted((each, code) for code, own in enumerate(members) for each in own),
            seen={day: bits for day, bits in zip(days, bitmaps, strict=True) if bits},
        )

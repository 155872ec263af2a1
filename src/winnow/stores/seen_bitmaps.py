"""What one user has seen, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from winnow.stores.seen_layout import SeenLevel, places_of, seen_day


@dataclass(slots=True)
class SeenBitmaps:
    """A bitmap for each of the last days on which something was seen.

    Days are counted from 1970, UTC.

    Attributes:
        days: how many are kept, the present one included.
        levels: of every bitmap.
    """

    days: int
    levels: Sequence[SeenLevel]
    _kept: dict[int, bytearray] = field(default_factory=dict[int, bytearray])

    def add(self, item_hash: int, at: float, today: int) -> None:
        """Sets the bits of an item for the UTC day of an instant; nothing if that is not near the present day."""
        self._drop_old(today)
        day = seen_day(at)
        if abs(day - today) < self.days:
            _set(self._kept.setdefault(day, bytearray()), item_hash, self.levels)

    def take_in(self, other: "SeenBitmaps", today: int) -> None:
        """Adds all that another one with the same levels holds; the other is not written to.

        Bits of the same day are or-ed, so that a level may get fuller than one that is filled item by item, and errs
        more often until its day is over.
        """
        for day, bits in other.by_day().items():
            self._kept[day] = _either(self._kept.get(day, b""), bits)
        self._drop_old(today)

    def until(self, last: int) -> list[bytes]:
        """Copies of the bitmaps of as many days up to a day."""
        return [bytes(bits) for day, bits in self._kept.items() if last - self.days < day <= last]

    def copy(self) -> "SeenBitmaps":
        """One that may be written to on its own."""
        return SeenBitmaps(self.days, self.levels, {day: bits[:] for day, bits in self._kept.items()})

    def with_days(self, days: Mapping[int, bytes]) -> "SeenBitmaps":
        """One with the same levels and other bitmaps, by UTC day."""
        return SeenBitmaps(self.days, self.levels, {day: bytearray(bits) for day, bits in days.items()})

    def by_day(self) -> dict[int, bytes]:
        """Copies of all bitmaps, by UTC day."""
        return {day: bytes(bits) for day, bits in self._kept.items()}

    def _drop_old(self, today: int) -> None:
        for old in [day for day in self._kept if day <= today - self.days]:
            del self._kept[old]


def _either(one: bytes | bytearray, other: bytes) -> bytearray:
    """The bits that are set in any of two bitmaps; beyond its end a bitmap is 0."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    either = bytearray(longer)
    both = zip(longer, shorter, strict=False)
    either[: len(shorter)] = bytes(left | right for left, right in both)
    return either


def _set(bits: bytearray, item_hash: int, levels: Sequence[SeenLevel]) -> None:
    for level in levels:
        wanted = [level.start + place for place in places_of(level, item_hash)]
        if all(place // 8 < len(bits) and bits[place // 8] & 128 >> place % 8 for place in wanted):
            return
        if level is levels[-1] or not _is_full(bits, level):
            bits.extend(bytes(max(0, max(wanted) // 8 + 1 - len(bits))))
            for place in wanted:
                bits[place // 8] |= 128 >> place % 8
            return


def _is_full(bits: bytearray, level: SeenLevel) -> bool:
    own = bits[level.start // 8 : (level.start + level.bits) // 8]
    return 2 * int.from_bytes(own, "little").bit_count() >= level.bits

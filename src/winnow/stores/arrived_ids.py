"""Which events came lately, so that one that comes again is known."""

from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

CHUNK = 4096


def _instants() -> "array[float]":
    return array("d")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Ids and when they came, UTC seconds. It is only ever appended to, so that who knows its length may read on."""

    ids: list[str] = field(default_factory=list[str])
    at: "array[float]" = field(default_factory=_instants)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedThen:
    """What an ArrivedIds held at an instant; it stays so whatever becomes of that.

    Attributes:
        chunks: with the places in each that count, from and until.
    """

    chunks: tuple[tuple[_Chunk, int, int], ...]

    def __iter__(self) -> Iterator[tuple[str, float]]:
        """Ids and when they came, UTC seconds, in the order in which they came."""
        for chunk, start, end in self.chunks:
            yield from zip(chunk.ids[start:end], chunk.at[start:end], strict=True)


@dataclass(slots=True)
class ArrivedIds:
    """Ids of events for some time after their arrival, the last ones if they are too many. Not safe between threads.

    Ids lie in chunks, so that to forget one costs the same however many there are, and a copy takes no time.

    Attributes:
        keep_s: how long an id is known.
        most: ids that are known once `drop_old` was called.
    """

    keep_s: float
    most: int
    _known: set[str] = field(default_factory=set[str])
    _chunks: deque[_Chunk] = field(default_factory=deque[_Chunk])
    _first: int = 0

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._known

    def __len__(self) -> int:
        return len(self._known)

    def add(self, event_id: str, at: float) -> None:
        """An id that is not known came, at UTC seconds."""
        if not self._chunks or len(self._chunks[-1].ids) >= CHUNK:
            self._chunks.append(_Chunk())
        self._chunks[-1].ids.append(event_id)
        self._chunks[-1].at.append(at)
        self._known.add(event_id)

    def drop_old(self, now: float) -> None:
        """Forgets what came too long before an instant, UTC seconds, and the oldest of too many."""
        while self._known:
            chunk = self._chunks[0]
            if len(self._known) <= self.most and now - chunk.at[self._first] < self.keep_s:
                return
            self._known.remove(chunk.ids[self._first])
            self._first += 1
            if self._first == len(chunk.ids):
                self._chunks.popleft()
                self._first = 0

    def frozen(self) -> ArrivedThen:
        """What is known now."""
        starts = [self._first, *[0] * len(self._chunks)]
        return ArrivedThen(
            chunks=tuple((each, start, len(each.ids)) for each, start in zip(self._chunks, starts, strict=False))
        )

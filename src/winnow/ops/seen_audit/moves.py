"""Whose an event is by now: logins give it to another name, resets to nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

DOUBT_S = 10.0
"""A login on a server takes three steps, and clocks of machines differ: how far before its first one and after its last
one nobody can say for sure whether an event moved with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What a name did until then is another's.

    Attributes:
        target: outside name.
        began, ended: UTC seconds; what arrived before the first has moved, what arrived after the second has not.
    """

    target: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """All logins and resets of a log.

    Attributes:
        merges: by source, in the order in which they ended.
        sources: by target, all that were ever merged into it.
        resets: UTC seconds of each name.
    """

    merges: Mapping[str, list[Merge]]
    sources: Mapping[str, set[str]]
    resets: Mapping[str, list[float]]

    @staticmethod
    def of(merges: Iterable[tuple[str, str, float, float]], resets: Iterable[tuple[str, float]]) -> "Moves":
        """From source, target, beginning and end of logins, and name and instant of resets."""
        by_source: dict[str, list[Merge]] = {}
        by_target: dict[str, set[str]] = {}
        for source, target, at, arrived_at in merges:
            merge = Merge(target=target, began=min(at, arrived_at) - DOUBT_S, ended=max(at, arrived_at) + DOUBT_S)
            by_source.setdefault(source, []).append(merge)
            by_target.setdefault(target, set()).add(source)
        for each in by_source.values():
            each.sort(key=lambda merge: merge.ended)
        by_name: dict[str, list[float]] = {}
        for name, at in resets:
            by_name.setdefault(name, []).append(at)
        return Moves(merges=by_source, sources=by_target, resets=by_name)

    def names_of(self, name: str) -> set[str]:
        """The name, and all whose events may be its own by now."""
        found, new = set[str](), {name}
        while new:
            found |= new
            new = {source for each in new for source in self.sources.get(each, ())} - found
        return found

    def holder(self, name: str, arrived_at: float) -> str | None:
        """Who surely has an event now that the name had when it arrived; None if nobody has, or it is in doubt."""
        first = last = arrived_at
        while True:
            merge = next((each for each in self.merges.get(name, ()) if each.ended >= first), None)
            until = inf if merge is None else merge.ended
            if any(first <= reset <= until for reset in self.resets.get(name, ())):
                return None
            if merge is None:
                return name
            if merge.began <= last:
                return None
            name, first, last = merge.target, merge.began, merge.ended

"""Cards of which some were changed or added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import index
from typing import Any

from winnow.pipeline.cards import Cards
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCards:
    """The cards that were there, and what came in place of some of them and after them.

    Attributes:
        base: as they were; never copied.
        changed: by row.
        size: I of them.
    """

    base: Cards
    changed: Mapping[int, Mapping[str, Any]]
    size: int

    @staticmethod
    def of(cards: Cards, rows: Array, given: Cards, size: int) -> "ChangedCards":
        """What `cards` become when those of some rows, int64 [n], stand as given."""
        more = dict(zip(rows.tolist(), given, strict=True))
        if isinstance(cards, ChangedCards):
            return ChangedCards(base=cards.base, changed={**cards.changed, **more}, size=size)
        return ChangedCards(base=cards, changed=more, size=size)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, row: int, /) -> Mapping[str, Any]:
        row = range(self.size)[index(row)]
        changed = self.changed.get(row)
        return self.base[row] if changed is None else changed

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        before = zip(range(self.size), self.base, strict=False)
        yield from (self.changed.get(row, card) for row, card in before)
        yield from (self.changed[row] for row in range(len(self.base), self.size))

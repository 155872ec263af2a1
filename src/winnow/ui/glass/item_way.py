"""How one item came into an answer, for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winnow.api.item_way import ItemWay as ToldWay
from winnow.api.item_way import SourceNamed
from winnow.ui.glass.stage_words import moved_words, ordinal, source_words

NOWHERE = (1 << 31, 0.0)
"""After all places that a source may give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWay:
    """One item of an answer.

    Attributes:
        rank: in the answer, from 1.
        seen: it came back for want of others.
        told: its way, as the service tells it.
    """

    rank: int
    seen: bool
    told: ToldWay

    @staticmethod
    def of(item: Mapping[str, Any]) -> "ItemWay":
        """Out of an item of an answer with a trace."""
        return ItemWay(rank=item["rank"], seen=item["seen"], told=item["way"])

    @property
    def proposals(self) -> list[SourceNamed]:
        """Of the sources that proposed it, the one with the best place first."""
        return sorted(self.told["sources"], key=lambda each: each["rank"])

    @property
    def retrieved(self) -> tuple[int, float]:
        """What retrieval alone would sort by: the best place in any source, and of several the greatest score."""
        first = next(iter(self.proposals), None)
        return NOWHERE if first is None else (first["rank"], -(first["score"] or 0.0))

    @property
    def score(self) -> float | None:
        """The last that it was given; None where nothing ranks, or its score is no number."""
        return next(reversed(self.told["scores"].values()), None)

    @property
    def move(self) -> int:
        """Places that reranking raised it by; less than 0: it sank."""
        return 0 if self.told["place"] is None else self.told["place"] - self.rank

    @property
    def moved(self) -> str:
        """What reranking did to it, in words; empty where nothing was ranked."""
        if self.told["place"] is None:
            return ""
        return moved_words(self.move, self.told["moved_by"])

    @property
    def reason(self) -> str:
        """Why it is where it is: one sentence."""
        found = " and ".join(source_words(each["source"]).lower() for each in self.proposals[:2])
        found = f"Found as “{found}”" if found else "Came in to make up the number"
        place = self.told["place"]
        ranked = "" if place is None else f", ranked {ordinal(place)} of {self.told['of']:,}"
        moved = f", then moved {self.moved}" if self.move else ""
        seen = "; seen before, and back for want of others" if self.seen else ""
        return f"{found}{ranked}{moved}{seen}."

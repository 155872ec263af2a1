"""How one item came into an answer, or how far it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from winnow.api.why import SourceSaid, WhyResponse
from winnow.ui.glass.funnel import Funnel, Part
from winnow.ui.glass.stage_words import lost_words, ordinal, source_words, stage_words

MOVED = {
    "score": "by its score",
    "diversity": "for more variety",
    "chance": "by the draw that explores",
    "pin": "by a rule that pins it",
    "cap": "by a cap on its kind",
    "over_cap": "as nothing else was left",
    "others": "as rules moved others",
}


class Fate(StrEnum):
    """What became of an item at a stage."""

    PASSED = "passed"
    LOST = "lost"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayStop:
    """One stage on the way of an item.

    Attributes:
        name: in the trace, or `answer`.
        words: what is asked there.
        fate: what became of the item.
        told: with which figures.
    """

    name: str
    words: str
    fate: Fate
    told: str = ""


@dataclass(frozen=True, slots=True)
class ItemWay:
    """What the service says of one item, put into order.

    Attributes:
        why: its answer.
    """

    why: WhyResponse

    @property
    def proposals(self) -> list[SourceSaid]:
        """Of the sources that proposed it, the one with the best place first."""
        return sorted((each for each in self.why["sources"] if each["proposed"]), key=lambda said: said["rank"] or 0)

    @property
    def retrieved(self) -> tuple[int, float]:
        """What retrieval alone would sort by: the best place in any source, then the worst score last."""
        first = next(iter(self.proposals), None)
        return (1 << 31, 0.0) if first is None else (first["rank"] or 0, -(first["score"] or 0.0))

    @property
    def place(self) -> int | None:
        """By the ranker's score, from 1; None where it was not ranked."""
        return None if self.why["ranking"] is None else self.why["ranking"]["place"]

    @property
    def move(self) -> int:
        """Places that reranking raised it by; less than 0: it sank."""
        rank, place = self.why["rank"], self.place
        return 0 if rank is None or place is None else place - rank

    @property
    def moved(self) -> str:
        """What reranking did to it, in words."""
        reranking = self.why["reranking"]
        if reranking is None or self.why["rank"] is None:
            return ""
        if not self.move:
            return "as ranked"
        return f"{'↑' if self.move > 0 else '↓'} {abs(self.move)} {MOVED.get(reranking['moved_by'] or '', '')}".strip()

    @property
    def reason(self) -> str:
        """Why it is where it is: one sentence."""
        found = " and ".join(source_words(each["source"]).lower() for each in self.proposals[:2])
        found = f"Found as “{found}”" if found else "Came in to make up the number"
        ranking = self.why["ranking"]
        ranked = "" if ranking is None else f", ranked {ordinal(ranking['place'])} of {ranking['of']:,}"
        moved = f", then moved {self.moved}" if self.move else ""
        seen = "; seen before, and back for want of others" if self.why["seen"] and self.why["in_answer"] else ""
        return f"{found}{ranked}{moved}{seen}."

    def stops(self) -> list[WayStop]:
        """Its way through all stages that may lose it, to the answer."""
        filters = [each.name for each in Funnel.of(self.why["trace"]).all_of(Part.FILTER)]
        return _followed([self._retrieved(), *map(self._filtered, filters), self._ranked(), self._selected()])

    def _retrieved(self) -> WayStop:
        first = next(iter(self.proposals), None)
        told = "no source proposed it"
        if first is not None:
            told = f"{ordinal(first['rank'] or 0)} for {source_words(first['source'])}"
            told += f", and {len(self.proposals) - 1} more" if len(self.proposals) > 1 else ""
        elif self.why["filled"]:
            told = "came in to fill up"
        is_found = first is not None or self.why["filled"]
        return WayStop(name="retrieve", words="Retrieved", fate=Fate.PASSED if is_found else Fate.LOST, told=told)

    def _filtered(self, name: str) -> WayStop:
        is_lost = name in self.why["removed_by"] and self.why["ranking"] is None and not self.why["in_answer"]
        told = lost_words(name).replace("do not fit", "does not fit") if is_lost else ""
        return WayStop(name=name, words=stage_words(name), fate=Fate.LOST if is_lost else Fate.PASSED, told=told)

    def _ranked(self) -> WayStop:
        ranking = self.why["ranking"]
        if ranking is None:
            fate = Fate.PASSED if self.why["in_answer"] else Fate.UNREACHED
            return WayStop(name="rank", words="Ranked", fate=fate, told="by no model" if self.why["in_answer"] else "")
        told = f"{ordinal(ranking['place'])} of {ranking['of']:,}"
        told += "" if ranking["score"] is None else f", score {ranking['score']:.2f}"
        return WayStop(name="rank", words="Ranked", fate=Fate.PASSED, told=told)

    def _selected(self) -> WayStop:
        rank, ranking = self.why["rank"], self.why["ranking"]
        if rank is not None:
            return WayStop(name="answer", words="Answered", fate=Fate.PASSED, told=f"{ordinal(rank)}, {self.moved}")
        if ranking is None:
            return WayStop(name="answer", words="Answered", fate=Fate.UNREACHED)
        kth = ranking["kth_score"]
        told = "not chosen" if kth is None else f"not chosen: the last score that fits is {kth:.2f}"
        return WayStop(name="answer", words="Answered", fate=Fate.LOST, told=told)


def _followed(stops: Sequence[WayStop]) -> list[WayStop]:
    """After the first stage that lost it, what it would have passed was not reached."""
    lost = next((place for place, each in enumerate(stops) if each.fate is Fate.LOST), len(stops))
    return [
        each
        if place <= lost or each.fate is Fate.LOST
        else WayStop(name=each.name, words=each.words, fate=Fate.UNREACHED, told=each.told)
        for place, each in enumerate(stops)
    ]

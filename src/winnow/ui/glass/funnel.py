"""From many to few: a trace as the rows of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from winnow.api.stage_told import StageTold
from winnow.ui.glass.stage_words import lost_words, source_words, stage_words


class Part(StrEnum):
    """What a stage is to the whole; in the service's own words."""

    VISITOR = "lookup"
    """It looks up who asks; no candidates yet."""
    SOURCE = "source"
    MERGE = "retrieve"
    FILTER = "filter"
    FILL = "fill"
    RANK = "ranking"
    SELECT = "select"


PARTS = {
    Part.VISITOR: "Know the visitor",
    Part.SOURCE: "Retrieve",
    Part.MERGE: "Merge",
    Part.FILTER: "Filter",
    Part.FILL: "Fill up",
    Part.RANK: "Rank",
    Part.SELECT: "Rerank",
}


RANKER = "rank"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """One stage or source.

    Attributes:
        name: in the trace.
        words: for people.
        part: what it is to the whole.
        rows_in, rows_out: candidates before and after; of the merge, all proposals before.
        ms: spent in it alone.
        why_removed: what is wrong with what it took out, in words.
        fault: why it was skipped; None when all is well.
    """

    name: str
    words: str
    part: Part
    rows_in: int
    rows_out: int
    ms: float
    why_removed: str
    fault: str | None = None

    @property
    def removed(self) -> int:
        """Candidates that it took out."""
        return 0 if self.part in {Part.VISITOR, Part.SOURCE} else max(0, self.rows_in - self.rows_out)

    @property
    def added(self) -> int:
        """Candidates that it brought."""
        return 0 if self.part is Part.VISITOR else max(0, self.rows_out - self.rows_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """All steps of one answer in the order in which they ran; their milliseconds sum up to all that it took."""

    steps: Sequence[FunnelStep]

    @staticmethod
    def of(trace: Sequence[StageTold]) -> "Funnel":
        """Out of the trace of a single request."""
        sources = [stage for stage in trace if stage["kind"] == Part.SOURCE]
        return Funnel(steps=[_step(stage, sources) for stage in trace])

    def all_of(self, *parts: Part) -> list[FunnelStep]:
        """The steps of those parts."""
        return [each for each in self.steps if each.part in parts]

    @property
    def proposed(self) -> int:
        """Proposals of all sources."""
        return sum(each.rows_out for each in self.all_of(Part.SOURCE))

    @property
    def merged(self) -> int:
        """Different items among them."""
        return sum(each.rows_out for each in self.all_of(Part.MERGE))

    @property
    def ranked(self) -> int:
        """Items that were ranked."""
        return sum(each.rows_out for each in self.all_of(Part.FILL))

    @property
    def ranking(self) -> list[FunnelStep]:
        """The step that stands for all of the ranking: the ranker, or the last one where there is none."""
        steps = self.all_of(Part.RANK)
        return [each for each in steps if each.name == RANKER][:1] or steps[-1:]

    @property
    def answered(self) -> int:
        """Items of the answer."""
        return sum(each.rows_out for each in self.all_of(Part.SELECT))

    @property
    def ms(self) -> float:
        """Of all steps."""
        return sum(each.ms for each in self.steps)

    @property
    def faulty(self) -> list[FunnelStep]:
        """Those that were skipped."""
        return [each for each in self.steps if each.fault is not None]

    @property
    def trouble(self) -> str:
        """Which were skipped and why, in words; empty where none was."""
        reasons = dict.fromkeys(each.fault for each in self.faulty)
        told = {reason: [f"“{each.words}”" for each in self.faulty if each.fault == reason] for reason in reasons}
        return " ".join(f"Without {', '.join(names)}: {reason}" for reason, names in told.items())

    def ms_of(self, *parts: Part) -> float:
        """Of the steps of those parts."""
        return sum(each.ms for each in self.all_of(*parts))

    @property
    def sentence(self) -> str:
        """The picture in words."""
        found = f"{self.proposed:,} items, {self.merged:,} of them different"
        steps = [f"{len(self.all_of(Part.SOURCE))} sources proposed {found}"]
        steps += [
            f"{each.removed:,} were taken out: {each.why_removed}" for each in self.all_of(Part.FILTER) if each.removed
        ]
        steps += [f"{self.ranked:,} were ranked", f"{self.answered:,} answered"]
        return "; ".join(steps) + f". It took {self.ms:.1f} milliseconds."


def _step(stage: StageTold, sources: Sequence[StageTold]) -> FunnelStep:
    part = Part(stage["kind"])
    is_merge = part is Part.MERGE
    return FunnelStep(
        name=stage["name"],
        words=(source_words if part is Part.SOURCE else stage_words)(stage["name"]),
        part=part,
        rows_in=sum(each["rows_out"] for each in sources) if is_merge else stage["rows_in"],
        rows_out=stage["rows_out"],
        # The trace counts the sources into their merge.
        ms=max(0.0, stage["ms"] - sum(each["ms"] for each in sources)) if is_merge else stage["ms"],
        why_removed=lost_words(stage["name"], stage["removes"]),
        fault=stage["fault"],
    )

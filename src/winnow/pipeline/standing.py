"""Where candidates stand by score, before the selector."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.picking import ranked
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.removed_by import removed_by
from winnow.pipeline.trace import StageTrace
from winnow.schema.column import Array, Bools, one_row

NOTHING = np.empty(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item stands among the candidates, by score, the seen ones last.

    Attributes:
        place: from 1.
        of: number of candidates.
        score: of the item.
        kth_score: of the candidate at place k, or at the last place; None where no item is wanted.
        scores: of the item after each stage that changed it, by name.
    """

    place: int
    of: int
    score: float
    kth_score: float | None
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The candidates of a single request.

    Attributes:
        rows: int64 [N], catalogue rows.
        order: int64 [N], their positions, best first.
        scores: by stage that scored them, float32 [N], in the order of the stages; empty where none did.
        k: items that are wanted.
    """

    rows: Array
    order: Array
    scores: Mapping[str, Array]
    k: int

    @staticmethod
    def of(pipeline: Pipeline, answer: Recommendations) -> "Standing":
        """From an answer whose trace has details."""
        stages = [answer.trace.of(stage.name) for stage in pipeline.ranking]
        scores = {stage.name: stage.scores for stage in stages if stage.scores is not None}
        rows, order = rows_of(answer.trace.of("fill")), NOTHING
        if scores:
            candidates = Candidates(item_rows=rows, offsets=one_row(len(rows)))
            flagged = candidates.with_columns({"seen": _seen(pipeline, answer, candidates)})
            order = ranked(flagged, list(scores.values())[-1])
        return Standing(rows=rows, order=order, scores=scores, k=int(answer.requests.k[0]))

    def place(self, row: int) -> Place | None:
        """Of the item of a catalogue row; None where it was no candidate, or nothing was scored."""
        at = first_at(self.rows, row)
        if at is None or not self.scores:
            return None
        last = list(self.scores.values())[-1]
        best = min(self.k, len(self.order))
        told = [(name, float(scores[at])) for name, scores in self.scores.items()]
        return Place(
            place=int(np.flatnonzero(self.order == at)[0]) + 1,
            of=len(self.order),
            score=float(last[at]),
            kth_score=float(last[self.order[best - 1]]) if best else None,
            scores=dict([told[0], *(after for before, after in pairwise(told) if after[1] != before[1])]),
        )


def is_filled(pipeline: Pipeline, answer: Recommendations, row: int) -> bool:
    """Whether a candidate was not among those that the filters left, and came in to make up the number."""
    before = pipeline.filters[-1].name if pipeline.filters else "retrieve"
    return first_at(rows_of(answer.trace.of(before)), row) is None


def rows_of(stage: StageTrace) -> Array:
    """The candidates after a stage, as far as the trace has details."""
    return NOTHING if stage.item_rows is None else stage.item_rows


def first_at(rows: Array, row: int) -> int | None:
    """The first position of a row; None where it is not there."""
    found: list[int] = np.flatnonzero(rows == row).tolist()
    return found[0] if found else None


def _seen(pipeline: Pipeline, answer: Recommendations, candidates: Candidates) -> Bools:
    """Which candidates are back although a soft filter took them."""
    soft = [stage for stage in pipeline.filters if stage.soft]
    taken = removed_by(soft, answer.requests, candidates).values()
    return np.logical_or.reduce([np.zeros(len(candidates), bool), *taken])

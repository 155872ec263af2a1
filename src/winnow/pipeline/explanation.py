"""How far one item came on the way to an answer."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.pipeline import Pipeline, QuotaSource
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.recorder import RULE
from winnow.pipeline.removed_by import removed_by
from winnow.pipeline.requests import Requests
from winnow.pipeline.rule import Rule
from winnow.pipeline.standing import NOTHING, Place, Standing, first_at, is_filled, rows_of
from winnow.pipeline.trace import StageTrace
from winnow.schema.column import Array, one_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a source makes of the item.

    Attributes:
        source, quota: its name, and most items that it may propose.
        proposed: whether the item was among those.
        rank: from 1, among all that the source knows; None where it does not know the item.
        score: what it gives the item, likewise.
        last_score: what it gave the last item that it proposed; None where it proposed none.
        asked: whether it was asked for all that it knows, where it did not propose the item; there may be no time.
    """

    source: str
    quota: int
    proposed: bool
    rank: int | None
    score: float | None
    last_score: float | None
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One item on the way to the answer to a single request.

    Attributes:
        answer: with the whole trace.
        proposals: of all sources.
        removed_by: names of the filters that keep it out.
        filled: whether it came in only to make up the number.
        ranked: None where the item was no candidate.
        rank: from 1, in the answer; None where it is not there.
        rule: behind that rank.
    """

    answer: Recommendations
    proposals: tuple[Proposal, ...]
    removed_by: tuple[str, ...]
    filled: bool
    ranked: Place | None
    rank: int | None
    rule: Rule

    @staticmethod
    def of(pipeline: Pipeline, requests: Requests, row: int) -> "Explanation":
        """Answers a single request, and follows the item of a catalogue row.

        Sources are asked for all they know, until the deadline of the request.
        """
        answer = pipeline(requests, details=True)
        alone = Candidates(item_rows=np.array([row]), offsets=one_row(1))
        removing = removed_by(pipeline.filters, answer.requests, alone)
        found = np.flatnonzero(answer.item_rows == row).tolist()
        place = Standing.of(pipeline, answer).place(row)
        return Explanation(
            answer=answer,
            proposals=tuple(_proposal(pipeline, each, answer, row) for each in pipeline.sources),
            removed_by=tuple(name for name, removed in removing.items() if removed[0]),
            filled=place is not None and is_filled(pipeline, answer, row),
            ranked=place,
            rank=found[0] + 1 if found else None,
            rule=Rule(int(answer.chosen.array(RULE)[found[0]])) if found else Rule.WORTH,
        )


def _proposal(pipeline: Pipeline, source: QuotaSource, answer: Recommendations, row: int) -> Proposal:
    proposed = answer.trace.of(source.name)
    rows, scores = rows_of(proposed), _scores(proposed)
    last_score = float(scores[-1]) if len(scores) else None
    place = first_at(rows, row)
    known, deadline = place, answer.requests.deadline
    asked = known is not None or deadline is None or pipeline.clock() < deadline
    if known is None and asked:  # beyond the quota, which no trace tells
        everything = source.source.retrieve(answer.requests, pipeline.num_items)
        rows, scores = everything.item_rows, everything.array("score")
        known = first_at(rows, row)
    return Proposal(
        source=source.name,
        quota=source.quota,
        proposed=place is not None,
        rank=None if known is None else known + 1,
        score=None if known is None else float(scores[known]),
        last_score=last_score,
        asked=asked,
    )


def _scores(stage: StageTrace) -> Array:
    return NOTHING if stage.scores is None else stage.scores

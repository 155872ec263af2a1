"""How far one item came on the way to an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.picking import ranked
from winnow.pipeline.pipeline import Pipeline, QuotaSource
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.recorder import RULE
from winnow.pipeline.removed_by import removed_by
from winnow.pipeline.requests import Requests
from winnow.pipeline.rule import Rule
from winnow.pipeline.trace import StageTrace
from winnow.schema.column import Array, Bools


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
class Place:
    """Where the item stands among the candidates, by score, the seen ones last.

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
        alone = Candidates(item_rows=np.array([row]), offsets=np.array([0, 1]))
        removing = removed_by(pipeline.filters, answer.requests, alone)
        found = np.flatnonzero(answer.item_rows == row).tolist()
        place = _place(pipeline, answer, row)
        before = pipeline.filters[-1].name if pipeline.filters else "retrieve"
        return Explanation(
            answer=answer,
            proposals=tuple(_proposal(pipeline, each, answer, row) for each in pipeline.sources),
            removed_by=tuple(name for name, removed in removing.items() if removed[0]),
            filled=place is not None and _at(answer.trace.of(before), row) is None,
            ranked=place,
            rank=found[0] + 1 if found else None,
            rule=Rule(int(answer.chosen.array(RULE)[found[0]])) if found else Rule.WORTH,
        )


def _proposal(pipeline: Pipeline, source: QuotaSource, answer: Recommendations, row: int) -> Proposal:
    proposed = answer.trace.of(source.name)
    rows, scores = _details(proposed)
    last_score = float(scores[-1]) if len(scores) else None
    place = _at(proposed, row)
    known, deadline = place, answer.requests.deadline
    asked = known is not None or deadline is None or pipeline.clock() < deadline
    if known is None and asked:  # beyond the quota, which no trace tells
        everything = source.source.retrieve(answer.requests, pipeline.num_items)
        rows, scores = everything.item_rows, everything.array("score")
        known = _first(rows, row)
    return Proposal(
        source=source.name,
        quota=source.quota,
        proposed=place is not None,
        rank=None if known is None else known + 1,
        score=None if known is None else float(scores[known]),
        last_score=last_score,
        asked=asked,
    )


def _place(pipeline: Pipeline, answer: Recommendations, row: int) -> Place | None:
    stages = [answer.trace.of(stage.name) for stage in pipeline.ranking]
    scored = [stage for stage in stages if stage.scores is not None]
    at = _at(answer.trace.of("fill"), row)
    if at is None or not scored:
        return None
    rows, scores = _details(scored[-1])
    candidates = Candidates(item_rows=rows, offsets=np.array([0, len(rows)]))
    flagged = candidates.with_columns({"seen": _seen(pipeline, answer, candidates)})
    order = ranked(flagged, scores)
    best = min(int(answer.requests.k[0]), len(order))
    told = [(stage.name, float(_details(stage)[1][at])) for stage in scored]
    return Place(
        place=int(np.flatnonzero(order == at)[0]) + 1,
        of=len(order),
        score=float(scores[at]),
        kth_score=float(scores[order[best - 1]]) if best else None,
        scores=dict([told[0], *(after for before, after in pairwise(told) if after[1] != before[1])]),
    )


def _seen(pipeline: Pipeline, answer: Recommendations, candidates: Candidates) -> Bools:
    """Which candidates are back although a soft filter took them."""
    soft = [stage for stage in pipeline.filters if stage.soft]
    taken = removed_by(soft, answer.requests, candidates).values()
    return np.logical_or.reduce([np.zeros(len(candidates), bool), *taken])


def _at(stage: StageTrace, row: int) -> int | None:
    return _first(_details(stage)[0], row)


def _first(rows: Array, row: int) -> int | None:
    found: list[int] = np.flatnonzero(rows == row).tolist()
    return found[0] if found else None


def _details(stage: StageTrace) -> tuple[Array, Array]:
    nothing = np.empty(0)
    return (
        nothing if stage.item_rows is None else stage.item_rows,
        nothing if stage.scores is None else stage.scores,
    )

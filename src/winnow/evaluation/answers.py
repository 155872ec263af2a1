"""What the pipeline answers to held-out users, and how many right items each stage still had."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.report import SeenMode
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.requests import Requests
from winnow.pipeline.trace import Trace
from winnow.schema.column import Array, Ragged
from winnow.schema.errors import Unavailable
from winnow.training.progress import Advance

BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Lists for U users, and S stages that held candidates.

    Attributes:
        recommended: int64 [U, k] item rows, best first, -1 where there are no more.
        stages: S names in the order in which they ran.
        recall: float64 [U, S], share of the user's relevant items that the stage left.
        candidates: int64 [U, S], candidates that the stage left.
    """

    recommended: Array
    stages: tuple[str, ...]
    recall: Array
    candidates: Array


def path_of(pipeline: Pipeline, seen: SeenMode) -> Pipeline:
    """The path as a setting wants it: whole where items are masked, without the filter of seen items elsewhere."""
    return pipeline if seen == "masked" else pipeline.without(SEEN_FILTER)


def ask(pipeline: Pipeline, held: HeldOut, *, k: int, seed: int, advance: Advance) -> Answers:
    """Sends every held-out user through the pipeline, in batches, and advances by the users of each.

    Raises:
        Unavailable: a stage was skipped; its figures would be those of another pipeline.
    """
    parts: list[Answers] = []
    for start in range(0, len(held), BATCH):
        rows = np.arange(start, min(start + BATCH, len(held)))
        batch = held.take(rows)
        answer = pipeline(_requests(batch, rows, k, seed), details=True)
        parts.append(_read(answer, batch.relevant, k))
        advance(len(batch))
    return _joined(parts)


def _requests(held: HeldOut, numbers: Array, k: int, seed: int) -> Requests:
    size = len(held)
    return Requests(
        request_ids=tuple(f"held-out-{number}" for number in numbers),
        user_ids=held.user_ids,
        at=held.at,
        k=np.full(size, k, np.int64),
        exclude=Ragged(np.empty(0, np.int64), np.zeros(size + 1, np.int64)),
        seeds=(numbers + seed).astype(np.uint64),
        context=held.context,
    )


def _read(answer: Recommendations, relevant: Ragged, k: int) -> Answers:
    _refuse_degraded(answer.trace)
    stages = [
        (stage.name, Ragged(stage.item_rows, stage.offsets))
        for stage in answer.trace.stages
        if stage.item_rows is not None and stage.offsets is not None
    ]
    return Answers(
        recommended=_lists(answer, k),
        stages=tuple(name for name, _ in stages),
        recall=np.stack([_share_present(relevant, items) for _, items in stages], axis=1),
        candidates=np.stack([items.lengths for _, items in stages], axis=1),
    )


def _refuse_degraded(trace: Trace) -> None:
    faults = [f"'{stage.name}' ({stage.fault})" for stage in trace.stages if stage.fault is not None]
    if faults:
        raise Unavailable(
            f"The evaluation stops because the pipeline skipped {', '.join(faults)}; "
            "what it answers so is not what it answers whole. Mend that and evaluate again."
        )


def _lists(answer: Recommendations, k: int) -> Array:
    items = Ragged(answer.item_rows, answer.offsets)
    lists = np.full((len(items), k), -1, np.int64)
    place = np.arange(len(items.values)) - np.repeat(items.offsets[:-1], items.lengths)
    lists[items.row_of_value(), place] = items.values
    return lists


def _share_present(relevant: Ragged, items: Ragged) -> Array:
    """float64 [B], share of each row of `relevant` that the same row of `items` holds."""
    span = 1 + max(relevant.values.max(initial=0), items.values.max(initial=0))
    owners = relevant.row_of_value()
    present = np.isin(owners * span + relevant.values, items.row_of_value() * span + items.values)
    return np.bincount(owners[present], minlength=len(relevant)) / relevant.lengths


def _joined(parts: Sequence[Answers]) -> Answers:
    return Answers(
        recommended=np.concatenate([part.recommended for part in parts]),
        stages=parts[0].stages,
        recall=np.concatenate([part.recall for part in parts]),
        candidates=np.concatenate([part.candidates for part in parts]),
    )

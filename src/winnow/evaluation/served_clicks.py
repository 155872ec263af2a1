"""What the engine knows of what came of impressions: by the very stages that serve, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import ITEM, USER, Dataset
from winnow.engine.click_chances import chances_at
from winnow.engine.engine import Engine
from winnow.evaluation.held_impressions import HeldImpressions
from winnow.evaluation.judgement import Judgement
from winnow.features.columns import columns_of
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.click_hydrators import AFTER, CLICKS, COMMON, TASTE
from winnow.pipeline.requests import Requests
from winnow.pipeline.stage import RequestStage, Stage
from winnow.schema.column import Array, Ragged
from winnow.schema.errors import DataError
from winnow.training.logged_events import event_log
from winnow.training.progress import Progress, counted

REQUEST_STAGES = ("state", "user", "context", "visit", "person")
RANKING_STAGES = ("items", CLICKS)
PAGES = 256
"""Of a batch."""


def served_clicks(engine: Engine, dataset: Dataset, held: HeldImpressions, progress: Progress) -> Judgement | None:
    """Chances of what came of what was shown, as the engine would have served them; None where it knows none.

    Each visit is known as of its page, clicks of the test time too; tastes, counts and the model stay as trained.

    Args:
        engine: it is not changed.
        dataset: its events are what visits are made of.
        held: the impressions.
        progress: told of pages.

    Raises:
        DataError: the catalogue lacks an item that was shown.
        Unavailable: a store did not answer.
    """
    stages = click_stages(engine, dataset)
    if stages is None or engine.assembly is None or engine.assembly.clicks is None:
        return None
    rows, advance = _catalogue_rows(engine, held), counted(progress, "Judging impressions", len(held.pages_at))
    parts: list[tuple[Array, Array]] = []
    for start in range(0, len(held.pages_at), PAGES):
        pages = np.arange(start, min(start + PAGES, len(held.pages_at)))
        parts.append(stages(page_requests(engine, held, pages), _candidates(held, rows, pages)))
        advance(len(pages))
    (logits, after), known = map(np.concatenate, zip(*parts, strict=True)), engine.assembly.clicks
    return Judgement(
        scores=logits,
        chances=chances_at(logits, held.positions, known.looks, known.calibrator),
        further=dict(zip(known.further, after.T, strict=True)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickStages:
    """The stages of the request path that lead to `clicks`.

    Attributes:
        of_requests: add columns to requests.
        of_candidates: add columns to candidates, `clicks` and `after` the last.
        further: H, columns of `after`, which there is not where that is 0.
    """

    of_requests: Sequence[RequestStage]
    of_candidates: Sequence[Stage]
    further: int

    def __call__(self, requests: Requests, candidates: Candidates) -> tuple[Array, Array]:
        """Log-odds of a click once looked at, float32 [N], and chances of further outcomes, float32 [N, H].

        Raises:
            Unavailable: a store did not answer; nothing is skipped, since figures would be those of another path.
        """
        for stage in self.of_requests:
            requests = requests.with_columns(stage.columns(requests))
        for stage in self.of_candidates:
            candidates = stage(requests, candidates)
        clicks = candidates.array(CLICKS)
        after = candidates.array(AFTER) if self.further else np.empty((len(clicks), 0), np.float32)
        return clicks[:, COMMON] + clicks[:, TASTE], after


def click_stages(engine: Engine, dataset: Dataset) -> ClickStages | None:
    """The engine's stages, those of requests put together over all events of the data set, which are read as of then.

    None where the engine has no stage for clicks.
    """
    ranking = {each.name: each for each in engine.pipeline.ranking}
    if CLICKS not in ranking or engine.assembly is None or engine.stock is None:
        return None
    pipeline, _ = replace(engine.assembly, state=event_log(dataset.events)).pipelines(engine.stock)
    asking = {each.name: each for each in pipeline.request_stages}
    return ClickStages(
        of_requests=[asking[name] for name in REQUEST_STAGES],
        of_candidates=[ranking[name] for name in RANKING_STAGES],
        further=0 if engine.assembly.clicks is None else len(engine.assembly.clicks.further),
    )


def page_requests(engine: Engine, held: HeldImpressions, pages: Array) -> Requests:
    """One for each page, with what its first impression tells of the moment."""
    first = held.table.take(pa.array(held.offsets[pages]))
    names = [name for name in engine.context_names if name in first.column_names]
    return Requests(
        request_ids=tuple(f"page-{page}" for page in pages),
        user_ids=tuple(first[USER].to_pylist()),
        at=held.pages_at[pages],
        k=np.diff(held.offsets)[pages],
        exclude=Ragged(np.empty(0, np.int64), np.zeros(len(pages) + 1, np.int64)),
        seeds=pages.astype(np.uint64),
        context=columns_of(first, names),
    )


def _catalogue_rows(engine: Engine, held: HeldImpressions) -> Array:
    """int64 [N]."""
    shown = held.table[ITEM]
    rows = pc.index_in(shown, pa.array(engine.catalogue.item_ids, pa.string()))
    if rows.null_count:
        missing = shown.filter(rows.is_null())[0].as_py()
        raise DataError(
            f"The catalogue of {engine.name} lacks {rows.null_count:,} of {len(held):,} items that were shown, the "
            f"first '{missing}'; evaluate on the data that it was trained on."
        )
    return np.asarray(rows, np.int64)


def _candidates(held: HeldImpressions, rows: Array, pages: Array) -> Candidates:
    offsets = held.offsets[pages[0] : pages[-1] + 2]
    return Candidates(item_rows=rows[offsets[0] : offsets[-1]], offsets=offsets - offsets[0])

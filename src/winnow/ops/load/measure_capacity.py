"""The search for the most that a service holds: `winnow bench serve`."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.ops.load.answer_agreement import Answers, K, agreement, answers_to
from winnow.ops.load.capacity_plan import CapacityPlan
from winnow.ops.load.capacity_report import CapacityReport
from winnow.ops.load.capacity_row import CapacityRow, CapacitySetting
from winnow.ops.load.known_visitors import asked_by, known_visitors
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.measured_service import STEPS, MeasuredService, measured_service
from winnow.ops.load.service_process import service_process
from winnow.ops.load.tried_indexes import index_note, made_of, tried_indexes
from winnow.schema.progress import Progress

APART = {"WINNOW_STATE": "", "WINNOW_EVENTS": "", "WINNOW_SETTINGS": "", "WINNOW_GRPC_PORT": "0"}
"""Whatever this process was told: the measured service keeps nothing, and stands in nobody's way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A way to retrieve.

    Attributes:
        setting: of the service, with one worker.
        path: of the bundle that has this index.
        answers: of the visitors.
        recall: of the index.
    """

    setting: CapacitySetting
    path: Path
    answers: Answers
    recall: float


def measure_capacity(bundle: Path, plan: CapacityPlan, progress: Progress) -> CapacityReport:
    """Starts a service with each setting of the grid, and loads it.

    Raises:
        BundleError: there is no bundle, or it is damaged.
        RequestError: it holds no visitors who could ask.
        Unavailable: a service does not start, or does not answer.
    """
    progress("answers", 0, 1)
    engine = open_engine(bundle)
    visitors = known_visitors(engine, plan.visitors)
    with TemporaryDirectory() as folder:
        variants = list(_variants(bundle, Path(folder), engine, visitors, plan.shares))
        progress("answers", 1, 1)
        rows = _rows(variants, tuple(asked_by(each, K) for each in visitors), plan, progress)
    notes = (_asked(engine, visitors), index_note(engine, visitors))
    return CapacityReport(bundle=engine.name, plan=plan, rows=tuple(rows), notes=notes, cores=os.cpu_count() or 1)


def _variants(
    bundle: Path, folder: Path, engine: Engine, visitors: tuple[str, ...], shares: tuple[float, ...]
) -> Iterator[Variant]:
    now = time.time()
    for indexed in tried_indexes(bundle, folder, engine, visitors):
        for share in shares:
            pipeline, _ = replace(made_of(engine)[0], retrieval_share=share).pipelines(indexed.stock)
            yield Variant(
                setting=CapacitySetting(retrieval_share=share, index=indexed.card.kind, workers=1),
                path=indexed.path,
                answers=answers_to(engine, pipeline, visitors, now),
                recall=indexed.card.recall,
            )


def _rows(
    variants: list[Variant], bodies: tuple[str, ...], plan: CapacityPlan, progress: Progress
) -> list[CapacityRow]:
    rows, total = list[CapacityRow](), len(variants) * plan.workers * STEPS
    for variant in variants:
        for workers in range(1, plan.workers + 1):
            told = partial(_tell, progress, count(len(rows) * STEPS), total)
            told()
            measured = _measured(variant, workers, bodies, plan, told)
            rows.append(_row(variant, workers, measured, agreement(variant.answers, variants[0].answers)))
    progress("loads", total, total)
    return rows


def _tell(progress: Progress, done: Iterator[int], total: int) -> None:
    progress("loads", next(done), total)


def _measured(
    variant: Variant, workers: int, bodies: tuple[str, ...], plan: CapacityPlan, told: Callable[[], None]
) -> MeasuredService:
    share = str(variant.setting.retrieval_share)
    server = plan.valkey_url if workers > 1 else ""
    settings = {**APART, "WINNOW_RETRIEVAL_SHARE": share, "WINNOW_WORKERS": str(workers), "WINNOW_VALKEY_URL": server}
    with service_process(variant.path, **settings) as service:
        load = LoadPlan(url=service.url, bodies=bodies, seconds=plan.seconds, warm_s=min(1.0, plan.seconds))
        return measured_service(load, workers, plan.target_p99_ms, told)


def _row(variant: Variant, workers: int, measured: MeasuredService, agrees: float) -> CapacityRow:
    idle, held = measured.idle, measured.held
    return CapacityRow(
        setting=replace(variant.setting, workers=workers),
        candidates=variant.answers.candidates,
        agreement=agrees,
        recall=variant.recall,
        idle_p50_ms=idle.quantile_ms(0.5),
        idle_p99_ms=idle.quantile_ms(0.99),
        per_s=held.per_s if held else 0.0,
        p50_ms=held.result.quantile_ms(0.5) if held else float("inf"),
        p99_ms=held.result.quantile_ms(0.99) if held else float("inf"),
        generator_share=held.result.generator_share if held else idle.generator_share,
    )


def _asked(engine: Engine, visitors: tuple[str, ...]) -> str:
    return (
        f"{len(engine.catalogue):,} items; {len(visitors):,} visitors of the bundle asked for {K} items each, in turn, "
        f"at times as of independent callers; agreement is that of their first {K} items with those of the first row."
    )

"""Requests of a call that one run of a pipeline answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from winnow.engine.engine import Engine
from winnow.pipeline.requests import Requests
from winnow.serving.inference.inference_requests import inference_requests
from winnow.serving.inference.inference_row import InferenceRow
from winnow.serving.routes.slices import slices


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRun:
    """A few requests, and who answers them.

    Attributes:
        engine: answers.
        rows: what is asked.
        requests: the same as the engine takes it.
    """

    engine: Engine
    rows: Sequence[InferenceRow]
    requests: Requests


def inference_runs(rows: Sequence[InferenceRow], engine_of: Callable[[InferenceRow], Engine]) -> list[InferenceRun]:
    """All requests in their order: what stands side by side and has one engine runs together, some at a time.

    Raises:
        RequestError: as `inference_requests` does, before any of them is run.
    """
    told = [(engine_of(each), each) for each in rows]
    parts = [list(part) for _, part in groupby(told, lambda each: each[0].digest)]
    return [run for part in parts for run in _runs(part[0][0], [row for _, row in part])]


def _runs(engine: Engine, rows: Sequence[InferenceRow]) -> Iterator[InferenceRun]:
    for some in slices(len(rows)):
        yield InferenceRun(engine=engine, rows=rows[some], requests=inference_requests(engine, rows[some]))

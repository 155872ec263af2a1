"""A stage: one role, wrapped so that it can do what its return type carries and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Filter, Hydrator, RequestHydrator, Scorer, SkippableHydrator
from winnow.schema.column import Column

OnFault = Literal["fail", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A named step from candidates to candidates.

    Attributes:
        name: unique in its pipeline.
        run: the step.
        on_fault: "skip" goes on without the stage when it raises Unavailable; "fail" does not.
        soft: for filters, whether what it removes may come back when nothing else is left.
        late: the step that stands in for it when the time of the requests is spent; None: it is run all the same.
        unread: whether no answer depends on it; it is run for training and explanations alone.
    """

    name: str
    run: Callable[[Requests, Candidates], Candidates]
    on_fault: OnFault = "fail"
    soft: bool = False
    late: Callable[[Requests, Candidates], Candidates] | None = None
    unread: bool = False

    def __call__(self, requests: Requests, candidates: Candidates) -> Candidates:
        return self.run(requests, candidates)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStage:
    """A named step that adds columns to requests.

    Attributes:
        name: unique in its pipeline.
        columns: the step.
        missing: what stands for "not known"; goes in when the step raises Unavailable, and instead of it when the time
            of the requests is spent. None: the request fails then, and the step is run all the same.
        unread: as of `Stage`.
    """

    name: str
    columns: Callable[[Requests], Mapping[str, Column]]
    missing: Callable[[Requests], Mapping[str, Column]] | None = None
    unread: bool = False


def request_stage(name: str, role: RequestHydrator) -> RequestStage:
    """A stage without which a request cannot be answered."""
    return RequestStage(name=name, columns=role.columns)


def skippable_stage(name: str, role: SkippableHydrator) -> RequestStage:
    """A stage that is skipped when its store does not answer."""
    return RequestStage(name=name, columns=role.columns, missing=role.missing)


def filter_stage(name: str, role: Filter, *, on_fault: OnFault = "fail", soft: bool = False) -> Stage:
    """A stage that removes the candidates that the filter does not keep."""

    def run(requests: Requests, candidates: Candidates) -> Candidates:
        return candidates.keep(role.keep(requests, candidates))

    return Stage(name=name, run=run, on_fault=on_fault, soft=soft)


def hydrate_stage(name: str, role: Hydrator) -> Stage:
    """A stage that adds columns to candidates."""

    def run(requests: Requests, candidates: Candidates) -> Candidates:
        return candidates.with_columns(role.columns(requests, candidates))

    return Stage(name=name, run=run)


def score_stage(name: str, role: Scorer, *, late: Scorer | None = None) -> Stage:
    """A stage that sets the column `score`; another scorer may stand in for it when time is spent."""
    return Stage(name=name, run=_scoring(role), late=None if late is None else _scoring(late))


def rescore_stage(name: str, role: Scorer) -> Stage:
    """A stage that sets the column `score` anew, and leaves it as it is when time is spent."""
    return Stage(name=name, run=_scoring(role), late=lambda _, candidates: candidates)


def _scoring(role: Scorer) -> Callable[[Requests, Candidates], Candidates]:
    def run(requests: Requests, candidates: Candidates) -> Candidates:
        scores = role.score(requests, candidates) if len(candidates) else np.empty(0, np.float32)
        return candidates.with_columns({"score": scores})

    return run

"""Asks an engine the requests of a canary set, or makes them up where a bundle brings none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from winnow.engine.canary_set import Answer, CanarySet
from winnow.engine.engine import Engine
from winnow.pipeline.requests import Requests
from winnow.schema.column import Ragged
from winnow.schema.errors import RequestError

KNOWN, STRANGERS, K = 24, 4, 10


def canary_requests(engine: Engine, contexts: Sequence[Mapping[str, Any]] = ()) -> CanarySet:
    """Users whom training knew, from the first to the last of its list, a stranger and visitors without a name.

    Args:
        engine: of the bundle.
        contexts: JSON values by raw context column, which the requests take turns with; those that the bundle does not
            read are left out.
    """
    users: list[str] = [] if engine.users is None else list(engine.users.past.user_ids)
    chosen = [users[row] for row in np.unique(np.linspace(0, len(users) - 1, KNOWN).astype(int))] if users else []
    names = (*chosen, *(f"canary:nobody-{row}" for row in range(STRANGERS)), *("",) * STRANGERS)
    told = [each for each in contexts if _is_read(engine, each)] or [{}]
    past = () if engine.users is None else engine.users.past.at
    return CanarySet(
        at=float(np.max(past, initial=0.0)) + 1,
        k=K,
        users=names,
        contexts=tuple(told[row % len(told)] for row in range(len(names))),
    )


def asked(engine: Engine, canaries: CanarySet) -> Requests:
    """The requests, as the pipeline of an engine takes them. Raises RequestError where its context is another one."""
    size = len(canaries.users)
    return Requests(
        request_ids=tuple(f"canary-{row}" for row in range(size)),
        user_ids=canaries.users,
        at=np.full(size, canaries.at),
        k=np.full(size, canaries.k, np.int64),
        exclude=Ragged(np.empty(0, np.int64), np.zeros(size + 1, np.int64)),
        seeds=np.arange(size, dtype=np.uint64),
        context=engine.context_columns(canaries.contexts),
    )


def answered(engine: Engine, canaries: CanarySet) -> CanarySet:
    """The set with what the engine answers, by its bundle alone. Raises as `asked`."""
    engine = engine.alone()
    found = engine.pipeline(asked(engine, canaries))
    ids = [engine.catalogue.item_ids[row] for row in found.item_rows.tolist()]
    scores: list[float] = found.scores.astype(np.float64).tolist()
    bounds: list[int] = found.offsets.tolist()
    answers: list[Answer] = [
        dict(zip(ids[start:end], scores[start:end], strict=True)) for start, end in pairwise(bounds)
    ]
    return replace(canaries, answers=tuple(answers))


def _is_read(engine: Engine, context: Mapping[str, Any]) -> bool:
    try:
        engine.context_columns([context])
    except RequestError:
        return False
    return True

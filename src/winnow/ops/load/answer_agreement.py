"""How much of the answers stays where less is retrieved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.engine.engine import Engine
from winnow.ops.load.known_visitors import requests_of
from winnow.pipeline.pipeline import Pipeline

K = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What some visitors are shown.

    Attributes:
        items: catalogue rows, of each visitor.
        candidates: that were ranked for a visitor, median.
    """

    items: tuple[frozenset[int], ...]
    candidates: float


def answers_to(engine: Engine, pipeline: Pipeline, visitors: Sequence[str], at: float) -> Answers:
    """The first items for each visitor at an instant, UTC seconds, by a request path of the engine."""
    items, candidates = list[frozenset[int]](), list[int]()
    for request in requests_of(engine, visitors, K, at):
        answer = pipeline(request)
        items.append(frozenset(answer.item_rows.tolist()))
        candidates.append(answer.trace.stages[-1].rows_in)
    return Answers(items=tuple(items), candidates=float(np.median(candidates)))


def agreement(found: Answers, wanted: Answers) -> float:
    """Mean share of the wanted items that were found; 1 where nothing is wanted."""
    pairs = zip(found.items, wanted.items, strict=True)
    shares = [len(ours & theirs) / len(theirs) for ours, theirs in pairs if theirs]
    return float(np.mean(shares)) if shares else 1.0

"""How each item of an answer came into it."""

from math import isfinite

import numpy as np

from winnow.api.item_way import ItemWay, SourceNamed
from winnow.engine.click_chances import chances_at
from winnow.engine.engine import Engine
from winnow.pipeline.click_hydrators import CLICKS, COMMON, TASTE
from winnow.pipeline.merge import RANKS, SCORES
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.recorder import RULE
from winnow.pipeline.rule import Rule
from winnow.pipeline.standing import Standing, is_filled
from winnow.serving.routes.moved_by import moved_in_answer
from winnow.serving.routes.why_sentence import way_sentence

DECIMALS = 6


def item_ways(engine: Engine, answer: Recommendations) -> list[ItemWay]:
    """One for each item of the answer to a single request, whose trace has details."""
    standing = Standing.of(engine.pipeline, answer)
    chances = _chances(engine, answer)
    return [_way(engine, answer, standing, at, chances[at]) for at in range(len(answer.item_rows))]


def _way(engine: Engine, answer: Recommendations, standing: Standing, at: int, chance: float | None) -> ItemWay:
    row = int(answer.item_rows[at])
    place = standing.place(row)
    moved = None
    if place is not None:
        moved = moved_in_answer(engine, Rule(int(answer.chosen.array(RULE)[at])), at + 1, place.place)
    way: ItemWay = {
        "sources": _sources(engine, answer, at),
        "filled": is_filled(engine.pipeline, answer, row),
        "scores": {} if place is None else {name: _finite(score) for name, score in place.scores.items()},
        "chance": chance,
        "place": None if place is None else place.place,
        "of": None if place is None else place.of,
        "moved_by": moved,
        "reason": "",
    }
    return {**way, "reason": way_sentence(way, seen=bool(answer.seen[at]))}


def _sources(engine: Engine, answer: Recommendations, at: int) -> list[SourceNamed]:
    ranks, scores = (answer.chosen.array(each)[at].tolist() for each in (RANKS, SCORES))
    said = zip(engine.pipeline.sources, ranks, scores, strict=True)
    return [
        {"source": source.name, "rank": int(rank) + 1, "score": _finite(score)}
        for source, rank, score in said
        if isfinite(rank)
    ]


def _chances(engine: Engine, answer: Recommendations) -> list[float | None]:
    clicks = None if engine.assembly is None else engine.assembly.clicks
    if clicks is None or CLICKS not in answer.chosen.columns:
        return [None] * len(answer.item_rows)
    told, places = answer.chosen.array(CLICKS), np.arange(1, len(answer.item_rows) + 1)
    chances = chances_at(told[:, COMMON] + told[:, TASTE], places, clicks.looks, clicks.calibrator)
    return np.round(chances.astype(np.float64), DECIMALS).tolist()


def _finite(score: float) -> float | None:
    return score if isfinite(score) else None

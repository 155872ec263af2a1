"""What `GET /v1/why`, a trace and the way of an item say, made up."""

from collections.abc import Mapping
from typing import Any

from winnow.api.item_way import ItemWay
from winnow.api.stage_told import StageKind, StageTold
from winnow.api.why import SourceSaid, WhyResponse


def stage(
    kind: StageKind, name: str, rows_in: int, rows_out: int, *, ms: float = 1.0, fault: str | None = None
) -> StageTold:
    return {
        "name": name,
        "kind": kind,
        "removes": "it is odd" if kind == "filter" else None,
        "rows_in": rows_in,
        "rows_out": rows_out,
        "ms": ms,
        "fault": fault,
        "rules": {},
    }


TRACE = [
    stage("lookup", "state", 1, 1, ms=2.0),
    stage("source", "ann", 0, 200, ms=0.5),
    stage("source", "popular", 0, 20, ms=0.25),
    stage("retrieve", "retrieve", 0, 210),
    stage("filter", "allowed", 210, 205),
    stage("filter", "seen", 205, 195),
    stage("fill", "fill", 195, 195),
    stage("ranking", "items", 195, 195),
    stage("ranking", "rank", 195, 195),
    stage("select", "select", 195, 10),
]


def source(name: str, rank: int | None, quota: int = 20) -> SourceSaid:
    proposed = rank is not None and rank <= quota
    score = None if rank is None else 1 / rank
    return {
        "source": name,
        "proposed": proposed,
        "quota": quota,
        "rank": rank,
        "score": score,
        "last_score": 0.05,
        "asked": True,
    }


def why(**told: object) -> WhyResponse:
    """Of an item that two sources proposed, that was ranked 3rd and answered 1st; `told` replaces what it says."""
    said: WhyResponse = {
        "request_id": "r",
        "bundle": "b",
        "degraded": [],
        "item_id": "i",
        "title": "A shoe",
        "in_answer": True,
        "rank": 1,
        "stage": "answer",
        "sentence": "",
        "seen": False,
        "sources": [source("ann", 30, 200), source("popular", 4), source("fresh", None)],
        "removed_by": [],
        "filled": False,
        "ranking": {"place": 3, "of": 195, "score": 1.5, "kth_score": 0.5, "scores": {"rank": 1.5}},
        "reranking": {"place": 3, "rank": 1, "moved_by": "diversity"},
        "trace": TRACE,
    }
    return {**said, **told}  # pyright: ignore[reportReturnType] - checked by what reads it


def answered(rank: int = 1, *, seen: bool = False, **told: object) -> Mapping[str, Any]:
    """An item of an answer that was ranked 3rd; `told` replaces what is said of its way."""
    way: ItemWay = {
        "sources": [
            {"source": "ann", "rank": 30, "score": 0.1},
            {"source": "popular", "rank": 4, "score": 0.25},
        ],
        "filled": False,
        "scores": {"rank": 1.25, "boost": 1.5},
        "chance": 0.125,
        "place": 3,
        "of": 195,
        "moved_by": "diversity",
        "reason": "",
    }
    return {"item_id": "i", "title": "A shoe", "rank": rank, "seen": seen, "way": {**way, **told}}

"""What `GET /v1/why` and a trace say, made up."""

from winnow.api.stage_told import StageTold
from winnow.api.why import SourceSaid, WhyResponse


def stage(name: str, rows_in: int, rows_out: int, ms: float = 1.0, fault: str | None = None) -> StageTold:
    return {"name": name, "rows_in": rows_in, "rows_out": rows_out, "ms": ms, "fault": fault, "rules": {}}


TRACE = [
    stage("state", 1, 1, 2.0),
    stage("ann", 0, 200, 0.5),
    stage("popular", 0, 20, 0.25),
    stage("retrieve", 0, 210, 1.0),
    stage("allowed", 210, 205),
    stage("seen", 205, 195),
    stage("fill", 195, 195),
    stage("items", 195, 195),
    stage("rank", 195, 195),
    stage("select", 195, 10),
]


def source(name: str, rank: int | None, quota: int = 20) -> SourceSaid:
    proposed = rank is not None and rank <= quota
    score = None if rank is None else 1 / rank
    return {"source": name, "proposed": proposed, "quota": quota, "rank": rank, "score": score, "last_score": 0.05}


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

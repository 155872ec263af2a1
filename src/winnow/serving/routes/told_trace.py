"""A trace as callers are told of it."""

from winnow.api.stage_told import StageKind, StageTold
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.trace import Trace
from winnow.serving.routes.why_sentence import REMOVED, TAKEN_OUT

DECIMALS = 4


def told_trace(pipeline: Pipeline, trace: Trace) -> list[StageTold]:
    """One entry a stage, ready for JSON."""
    kinds = _kinds(pipeline)
    return [
        {
            "name": stage.name,
            "kind": kinds[stage.name],
            "rows_in": stage.rows_in,
            "rows_out": stage.rows_out,
            "removes": REMOVED.get(stage.name, TAKEN_OUT) if kinds[stage.name] == "filter" else None,
            "ms": round(stage.seconds * 1e3, DECIMALS),
            "fault": stage.fault,
            "rules": dict(stage.rules),
        }
        for stage in trace.stages
    ]


def _kinds(pipeline: Pipeline) -> dict[str, StageKind]:
    return {
        "retrieve": "retrieve",
        "fill": "fill",
        "select": "select",
        **dict.fromkeys([each.name for each in pipeline.request_stages], "lookup"),
        **dict.fromkeys([each.name for each in pipeline.sources], "source"),
        **dict.fromkeys([each.name for each in pipeline.filters], "filter"),
        **dict.fromkeys([each.name for each in pipeline.ranking], "ranking"),
    }

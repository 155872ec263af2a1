"""A trace as callers are told of it."""

from winnow.api.stage_told import StageTold
from winnow.pipeline.trace import Trace

DECIMALS = 4


def told_trace(trace: Trace) -> list[StageTold]:
    """One entry a stage, ready for JSON."""
    return [
        {
            "name": stage.name,
            "rows_in": stage.rows_in,
            "rows_out": stage.rows_out,
            "ms": round(stage.seconds * 1e3, DECIMALS),
            "fault": stage.fault,
            "rules": dict(stage.rules),
        }
        for stage in trace.stages
    ]

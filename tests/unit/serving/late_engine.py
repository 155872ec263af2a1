"""The small shop on a day when every deadline has passed."""

import math
from dataclasses import replace

import numpy as np

from tests.unit.serving.conftest import Caller
from tests.unit.serving.small_engine import PopularityScorer, small_engine
from winnow.engine.engine import Engine
from winnow.pipeline.pipeline import QuotaSource
from winnow.pipeline.sources.shared_source import SharedSource
from winnow.pipeline.stage import score_stage
from winnow.serving.app import create_app
from winnow.serving.settings.settings import Settings

SKIPPED = ["state", "more", "rank"]


def late_engine() -> Engine:
    """Two sources, and a ranker for which one stands in that likes the unpopular."""
    weights = np.arange(8, 0, -1).astype(np.float32)
    rank = score_stage("rank", PopularityScorer(weights), late=PopularityScorer(-weights))
    engine = small_engine(ranking=(rank,))
    more = SharedSource(order=np.arange(8)[::-1], weights=weights[::-1])
    sources = (*engine.pipeline.sources, QuotaSource(name="more", source=more, quota=2))
    return replace(engine, pipeline=replace(engine.pipeline, sources=sources, clock=lambda: math.inf))


def late_caller(budget_ms: int = 0) -> Caller:
    """To a service with this budget; 0 for none."""
    return Caller(create_app(late_engine(), Settings(budget_ms=budget_ms)))

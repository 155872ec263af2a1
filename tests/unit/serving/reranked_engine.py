"""The small engine with what a recipe says of reranking."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.unit.serving.small_engine import ITEM_IDS, counting_engine
from winnow.engine.engine import Engine
from winnow.engine.reranking import rescoring, selector_of
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.pipeline_config import PipelineConfig

TWINS = np.eye(len(ITEM_IDS), dtype=np.float32)[[0, 0, 0, 0, 1, 2, 3, 4]]
"""Vectors of the items: the first four, who score best, are the same."""


def reranked_engine(**config: Any) -> Engine:
    """The first four items are twins; all are candidates.

    Args:
        config: of PipelineConfig.
    """
    engine, chosen = counting_engine(), PipelineConfig(**config)
    assert engine.assembly is not None
    assert engine.stock is not None
    catalogue: Catalogue = replace(engine.catalogue, tower=TWINS)
    ranking = (*engine.pipeline.ranking, *rescoring(engine.stock, chosen))
    sources = tuple(replace(each, quota=len(catalogue)) for each in engine.pipeline.sources)
    selector = selector_of(catalogue, chosen)
    return replace(
        engine,
        catalogue=catalogue,
        pipeline=replace(engine.pipeline, sources=sources, ranking=ranking, selector=selector),
        assembly=replace(engine.assembly, config=chosen),
    )

"""Impressions by hand, of which a test says what matters to it."""

import numpy as np

from winnow.features.feature_arrays import FeatureArrays
from winnow.features.likeness import RECENT
from winnow.training.impression_rows import ImpressionRows
from winnow.training.visitor_events import visitor_events


def impressions(visitors, pages_at, positions, items, clicked=None):
    """N rows from lists; none is clicked where nothing else is said."""
    n, nothing = len(items), np.empty(0, np.int64)
    return ImpressionRows(
        visitors=np.array(visitors),
        user_rows=np.zeros(n, np.int64),
        items=np.array(items),
        at=np.array(pages_at, float),
        pages_at=np.array(pages_at, float),
        positions=np.array(positions),
        propensities=np.full(n, np.nan),
        clicked=np.zeros(n, np.bool_) if clicked is None else np.array(clicked, np.bool_),
        contexts=FeatureArrays(codes=np.zeros((n, 0), np.int32), values=np.zeros((n, 0), np.float32), vectors={}),
        recent=np.arange(n)[:, None] + np.arange(RECENT),
        events=visitor_events(nothing, np.empty(0), nothing, np.array(visitors), np.array(pages_at, float)),
    )

"""Impressions made of the few columns that say what came of showing items."""

import numpy as np

from winnow.features.feature_arrays import FeatureArrays
from winnow.features.likeness import RECENT
from winnow.training.impression_rows import ImpressionRows
from winnow.training.visitor_events import visitor_events


def shown_rows(items, at, positions, clicked, users=None) -> ImpressionRows:
    """Args: arrays [N], by time. users: rows of users, all the same by default."""
    number = len(items)
    users = np.zeros(number, np.int64) if users is None else users
    nothing = np.empty(0, np.int64)
    return ImpressionRows(
        visitors=users,
        user_rows=users,
        items=np.asarray(items, np.int64),
        at=np.asarray(at, np.float64),
        pages_at=np.asarray(at, np.float64),
        positions=np.asarray(positions, np.int64),
        propensities=np.full(number, np.nan),
        clicked=np.asarray(clicked, bool),
        contexts=FeatureArrays(
            codes=np.empty((number, 0), np.int32), values=np.empty((number, 0), np.float32), vectors={}
        ),
        recent=np.full((number, RECENT), -1),
        events=visitor_events(nothing, np.empty(0), nothing, users, np.asarray(at, np.float64)),
    )

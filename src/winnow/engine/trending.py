"""What most people have had lately, live events included."""

from dataclasses import dataclass

import numpy as np

from winnow.engine.live_demand import LiveDemand
from winnow.engine.stock import Stock
from winnow.index.best_rows import best_rows
from winnow.schema.column import Array, Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Trending:
    """Items, best first: by events weighted by age, among equals the more popular in training, then by row.

    Attributes:
        item_rows: int64 [M].
        scores: float32 [M], what the events of each item weigh now; one that happens now weighs 1.
    """

    item_rows: Array
    scores: Floats


def trending(stock: Stock, live: LiveDemand, k: int, among: Bools) -> Trending:
    """The k items that are most in demand.

    Args:
        stock: items, and what training counted.
        live: what came since, as of now.
        k: items wanted, at least 0; fewer come only when fewer may be shown.
        among: bool [I], the items that may be shown.
    """
    weights = live.with_counted(stock.counts)
    by_popularity = np.flatnonzero(among)
    by_popularity = by_popularity[np.argsort(-stock.popularity[by_popularity], kind="stable")]
    # Years after the last event all weigh nothing in float32, and still not the same.
    shares = weights[by_popularity] / max(float(weights.max(initial=0)), np.finfo(np.float64).tiny)
    best = by_popularity[best_rows(shares.astype(np.float32), k)]
    return Trending(item_rows=best, scores=weights[best].astype(np.float32))

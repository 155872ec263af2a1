"""The sources over a stock of items: a new source is a file in `pipeline/sources` and a line here."""

from collections.abc import Mapping

import numpy as np

from winnow.engine.stock import Stock
from winnow.pipeline.pipeline import QuotaSource
from winnow.pipeline.roles import Source
from winnow.pipeline.sources.ann_source import AnnSource
from winnow.pipeline.sources.neighbour_source import NeighbourSource
from winnow.pipeline.sources.own_source import OwnSource
from winnow.pipeline.sources.shared_source import SharedSource
from winnow.schema.column import Array

REPEATS = 0.1
"""Share of events that repeat an item of the same user, from which on users are offered what they had."""


def stocked_sources(stock: Stock, quotas: Mapping[str, int], repeats: float) -> tuple[QuotaSource, ...]:
    """Those that have a quota and something to propose from.

    Args:
        stock: the items.
        quotas: most candidates for a request by name; what the stock cannot feed is left out.
        repeats: share of the events that repeat an item of the same user.
    """
    sources: dict[str, Source] = {
        "ann": AnnSource(index=stock.index, catalogue=stock.catalogue),
        "popular": SharedSource.by_weight(stock.popularity),
    }
    counts = stock.counts
    if counts is not None:
        allowed = np.flatnonzero(stock.catalogue.allowed)
        sources["covisited"] = NeighbourSource(neighbours=counts.covisited)
        sources["trending"] = SharedSource.by_weight(counts.trending, allowed)
        sources["fresh"] = _fresh(counts.first_at, allowed)
        if repeats >= REPEATS:
            sources["own"] = OwnSource()
    return tuple(
        QuotaSource(name=name, source=sources[name], quota=quota)
        for name, quota in quotas.items()
        if quota and name in sources
    )


def _fresh(first_at: Array, allowed: Array) -> SharedSource:
    """The newest first: what nobody had yet, the latest row before the others, then what was first had last."""
    newest = allowed[::-1][np.argsort(-first_at[allowed[::-1]], kind="stable")]
    place = np.zeros(len(first_at), np.float32)
    place[newest] = 1 / (1 + np.arange(len(newest), dtype=np.float32))
    return SharedSource(order=newest, weights=place)

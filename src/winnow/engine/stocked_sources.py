"""The sources over a stock of items: a new source is a file in `pipeline/sources` and a line here."""

from collections.abc import Mapping, Sequence

import numpy as np

from winnow.engine.item_categories import ItemCategories
from winnow.engine.stock import Stock
from winnow.pipeline.pipeline import QuotaSource
from winnow.pipeline.roles import Source
from winnow.pipeline.sources.ann_source import AnnSource
from winnow.pipeline.sources.category_source import CategorySource
from winnow.pipeline.sources.neighbour_source import NeighbourSource
from winnow.pipeline.sources.own_source import OwnSource
from winnow.pipeline.sources.shared_source import SharedSource
from winnow.schema.column import Array, Bools
from winnow.stores.counts import Counts

REPEATS = 0.1
"""Share of events that repeat an item of the same user, from which on users are offered what they had."""
OF_OTHERS = ("ann", "covisited")
"""They have learned from what other people choose together."""
COVISITED, SIMILAR = 50, 5
"""Of how many last items the neighbours are asked for: behaviour is of the whole user, looks are of the moment."""


def stocked_sources(
    stock: Stock, quotas: Mapping[str, int], categories: ItemCategories, *, repeats: float
) -> tuple[QuotaSource, ...]:
    """Those that have a quota and something to propose from.

    Args:
        stock: the items.
        quotas: most candidates for a request by name; what the stock cannot feed is left out.
        categories: of the items.
        repeats: share of the events that repeat an item of the same user.
    """
    sources: dict[str, Source] = {
        "ann": AnnSource(index=stock.index, catalogue=stock.catalogue),
        "popular": SharedSource.by_weight(stock.popular),
    }
    if stock.counts is not None:
        sources |= _counted(stock, stock.counts, categories)
        if repeats >= REPEATS:
            sources["own"] = OwnSource()
    if stock.similar is not None:
        sources["similar"] = NeighbourSource(neighbours=stock.similar, last=SIMILAR)
    return tuple(
        QuotaSource(name=name, source=sources[name], quota=quota)
        for name, quota in quotas.items()
        if quota and name in sources
    )


def counting(stock: Stock) -> tuple[tuple[Sequence[str], Bools], ...]:
    """The sources that know only items which somebody had, together with bool [I], which these were.

    What goes together is counted in training alone: of an item that came later it cannot speak, whoever has it now.
    """
    return (("covisited",), stock.popularity > 0), (("popular", "trending", "category"), stock.popular > 0)


def _counted(stock: Stock, counts: Counts, categories: ItemCategories) -> dict[str, Source]:
    allowed = np.flatnonzero(stock.catalogue.allowed)
    trending = counts.trending if stock.live is None else stock.live.on_the_scale_of(counts)
    sources: dict[str, Source] = {
        "covisited": NeighbourSource(neighbours=counts.covisited, last=COVISITED),
        "trending": SharedSource.by_weight(trending, allowed),
        "fresh": _fresh(counts.first_at, allowed),
    }
    if categories.columns:
        codes = stock.catalogue.codes[:, list(categories.columns)]
        sources["category"] = CategorySource.of(codes, trending, allowed)
    return sources


def _fresh(first_at: Array, allowed: Array) -> SharedSource:
    """The newest first: what nobody had yet, the latest row before the others, then what was first had last."""
    newest = allowed[::-1][np.argsort(-first_at[allowed[::-1]], kind="stable")]
    place = np.zeros(len(first_at), np.float32)
    place[newest] = 1 / (1 + np.arange(len(newest), dtype=np.float32))
    return SharedSource(order=newest, weights=place)

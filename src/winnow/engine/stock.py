"""What changes when items do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from winnow.engine.live_demand import LiveDemand
from winnow.index.index import Index
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.stores.counts import Counts
from winnow.stores.neighbours import Neighbours
from winnow.stores.shown_figures import ShownFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Items, where they are found, how popular they are and what else was counted; views of the same rows.

    Attributes:
        catalogue: I items.
        index: over its tower vectors.
        popularity: float32 [I], positives of each item in training.
        counts: None in a bundle that was written before there were any.
        live: what events since then add to both; None where nobody told.
        shown: what came of showing them, None where nothing was logged.
        known: by name, arrays [I, ...] of what the click model makes of them, of new and changed items, anything.
        tastes: float32 [I, F], them in the space of tastes, likewise; None where nobody knows or they are many.
        kinds: float32 [T, D], vectors that many items share, of which `known` then holds numbers.
        similar: which items are alike in content, likewise; a changed item keeps its list, a new one has none.
    """

    catalogue: Catalogue
    index: Index
    popularity: Array
    counts: Counts | None = None
    live: LiveDemand | None = None
    similar: Neighbours | None = None
    shown: ShownFigures | None = None
    known: Mapping[str, Array] = field(default_factory=dict[str, Array])
    tastes: Array | None = None
    kinds: Array = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @property
    def popular(self) -> Array:
        """float32 [I], the popularity, and what live events weigh on top."""
        return self.popularity if self.live is None else (self.popularity + self.live.weights).astype(np.float32)

    def with_items(self, items: Catalogue) -> "Stock":
        """With these items new or changed.

        A new one has the popularity 0, since nobody has had it; a known one keeps its own. So it is with live events,
        though there may be some of a new one, until its stock is told again.
        """
        catalogue = self.catalogue.with_items(items)
        popularity = np.zeros(len(catalogue), self.popularity.dtype)
        popularity[: len(self.popularity)] = self.popularity
        index = self.index.with_items(catalogue.rows(items.item_ids), items.tower, catalogue.tower)
        size = len(catalogue)
        return Stock(
            catalogue=catalogue,
            index=index,
            popularity=popularity,
            counts=self.counts and self.counts.with_new(size),
            live=self.live and self.live.with_new(size),
            similar=self.similar and self.similar.with_new(size),
            shown=self.shown,
            known=self.known,
            tastes=self.tastes,
            kinds=self.kinds,
        )

    def without(self, item_ids: Sequence[str]) -> "Stock":
        """With these items withdrawn; unknown names are passed over."""
        rows = self.catalogue.rows(item_ids)
        index = self.index.without(rows[rows >= 0])
        return replace(self, catalogue=self.catalogue.without(item_ids), index=index)

"""What the click model makes of items alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.engine.item_vectors import item_inputs
from winnow.engine.opened_model import OpenedModel
from winnow.features.feature_arrays import items_at
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array

EVENT = "item_event"
"""What of an item is read only where it stands in a history."""
VECTORS, KINDS = "item_vectors", "item_kinds"
"""An item's vectors; and where the last of them are kept once for all items of a kind, which kinds these are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSides:
    """Kept of all items, but for events where items are many, which are made of those that are asked for.

    Attributes:
        model: reads items; None where the click model makes nothing of them.
        catalogue: I items.
        kept: arrays [I, ...] by name.
        kinds: float32 [T, D], of which `KINDS` of `kept` tells the places.
    """

    model: OpenedModel | None
    catalogue: Catalogue
    kept: Mapping[str, Array]
    kinds: Array

    def of_candidates(self, rows: Array) -> Mapping[str, Array]:
        """Arrays [N, ...] by name, of N catalogue rows."""
        found = {name: each.take(rows, axis=0) for name, each in self.kept.items() if name != EVENT}
        if KINDS in found:
            of_kinds = self.kinds.take(found.pop(KINDS), axis=0)
            found[VECTORS] = np.concatenate([found[VECTORS], of_kinds], axis=1)
        return found

    def events(self, rows: Array) -> Array:
        """float32 [N, E], events with the items of N catalogue rows.

        Raises:
            KeyError: the click model makes no events of items.
        """
        if self.model is None or EVENT in self.kept:
            return self.kept[EVENT].take(rows, axis=0)
        return self.model(item_inputs(self.model, items_at(self.catalogue, rows)))[EVENT]

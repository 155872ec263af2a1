"""What the click model makes of items alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.engine.opened_model import OpenedModel
from winnow.engine.tower_vectors import item_inputs
from winnow.features.feature_arrays import FeatureArrays, items_at
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array

EVENT = "item_event"
"""What of an item is read only where it stands in a history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSides:
    """Kept of all items where they are few; where they are many, made of those that are asked for.

    Attributes:
        model: reads items; None where the click model makes nothing of them.
        catalogue: I items.
        kept: arrays [I, ...] by name; none where they are made.
    """

    model: OpenedModel | None
    catalogue: Catalogue
    kept: Mapping[str, Array]

    def of_candidates(self, rows: Array, items: FeatureArrays) -> Mapping[str, Array]:
        """Arrays [N, ...] by name, of N catalogue rows with their features."""
        if self.model is None:
            return {}
        if self.kept:
            return {name: each.take(rows, axis=0) for name, each in self.kept.items() if name != EVENT}
        return self.model(item_inputs(self.model, items))

    def events(self, rows: Array) -> Array:
        """float32 [N, E], events with the items of N catalogue rows."""
        if self.kept:
            return self.kept[EVENT].take(rows, axis=0)
        return self.of_candidates(rows, items_at(self.catalogue, rows))[EVENT]

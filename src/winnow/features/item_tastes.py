"""Items in the space of tastes, and how much people like them."""

import numpy as np

from winnow.features.feature_arrays import items_at
from winnow.features.item_arrays import ItemArrays
from winnow.features.taste_space import TasteSpace
from winnow.schema.column import Array
from winnow.schema.record import record


@record()
class ItemTastes:
    """What of each item is liked: kept of all, or, where they are many, made of those that are asked for.

    Attributes:
        space: makes it.
        items: I of them.
        kept: float32 [I, F]; None where it is made each time.
    """

    space: TasteSpace
    items: ItemArrays
    kept: Array | None = None

    def __call__(self, rows: Array) -> Array:
        """float32 [N, F], of N rows."""
        return self.space(items_at(self.items, rows)) if self.kept is None else self.kept.take(rows, axis=0)

    def likings(self, tastes: Array, of: Array, rows: Array, items: ItemArrays) -> Array:
        """How much N items are liked.

        Args:
            tastes: float32 [B, F].
            of: int64 [N], whose taste each item meets, below B.
            rows: int64 [N], the items.
            items: the same, as they were gathered.

        Returns:
            float32 [N].
        """
        if self.kept is None:
            return self.space.likings(tastes, of, items)
        own = self.kept.take(rows, axis=0)
        return own @ tastes[0] if len(tastes) == 1 else np.einsum("nf,nf->n", own, tastes[of])

"""One frozen snapshot of all items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.schema.stable_hash import stable_hashes


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Items by row; every array has I rows and is never written to.

    Attributes:
        item_ids: I outside names.
        codes: int32 [I, Fc], categorical model inputs in the order of the fitted features.
        values: float32 [I, Fv], number model inputs, likewise.
        vectors: content vectors by feature name, float32 [I, W], unit length or zero.
        tower: float32 [I, D], item-tower vectors.
        cards: what people see of each item, JSON-ready values.
        allowed: bool [I], false for items that may not be recommended.

    Raises:
        ValueError: an array or the cards do not have I rows.
    """

    item_ids: tuple[str, ...]
    codes: Array
    values: Array
    vectors: Mapping[str, Array]
    tower: Array
    cards: Sequence[Mapping[str, Any]]
    allowed: Bools
    hashes: Array = field(init=False)

    def __post_init__(self) -> None:
        arrays = {"codes": self.codes, "values": self.values, "tower": self.tower, "allowed": self.allowed}
        for name, rows in {**arrays, "cards": self.cards, **self.vectors}.items():
            if len(rows) != len(self.item_ids):
                raise ValueError(f"The catalogue has {len(self.item_ids)} items and {len(rows)} rows of '{name}'.")
        object.__setattr__(self, "hashes", stable_hashes(self.item_ids))

    def __len__(self) -> int:
        return len(self.item_ids)

    @cached_property
    def all_allowed(self) -> bool:
        """Whether every item may be recommended."""
        return bool(self.allowed.all())

    @cached_property
    def _row_of_id(self) -> dict[str, int]:
        return {item_id: row for row, item_id in enumerate(self.item_ids)}

    @cached_property
    def _by_hash(self) -> tuple[Array, Array]:
        order = np.argsort(self.hashes)
        return self.hashes[order], order

    def row(self, item_id: str) -> int:
        """The row of an outside name, -1 when there is no such item."""
        return self._row_of_id.get(item_id, -1)

    def rows(self, item_ids: Sequence[str]) -> Array:
        """int64 rows of outside names, -1 where there is no such item."""
        return np.fromiter((self.row(each) for each in item_ids), np.int64, len(item_ids))

    def rows_of_hashes(self, hashes: Array) -> Array:
        """int64 rows of stable hashes, -1 where there is no such item."""
        if not len(self):
            return np.full(len(hashes), -1, np.int64)
        ordered, order = self._by_hash
        place = np.minimum(np.searchsorted(ordered, hashes), len(ordered) - 1)
        return np.where(ordered[place] == hashes, order[place], -1)

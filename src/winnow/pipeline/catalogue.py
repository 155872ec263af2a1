"""One frozen snapshot of all items."""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from functools import cached_property

import numpy as np

from winnow.features.filter_values import FilterNumbers, FilterValues, FilterWords
from winnow.pipeline.cards import Cards
from winnow.pipeline.changed_cards import ChangedCards
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
        tower: float32 [I, D + L], what is searched: item-tower vectors, of any length, and behind them, where a click
            model knows persons, what choosing the item says of one.
        cards: what people see of each item, JSON-ready values.
        allowed: bool [I], false for items that may not be recommended.
        filters: raw values by filterable feature, I of each.
        known_hashes: uint64 [I] stable hashes of the names, where they are known already.

    Raises:
        ValueError: an array or the cards do not have I rows.
    """

    item_ids: tuple[str, ...]
    codes: Array
    values: Array
    vectors: Mapping[str, Array]
    tower: Array
    cards: Cards
    allowed: Bools
    filters: Mapping[str, FilterValues] = field(default_factory=dict[str, FilterValues])
    known_hashes: InitVar[Array | None] = None
    hashes: Array = field(init=False)

    def __post_init__(self, known_hashes: Array | None) -> None:
        arrays = {"codes": self.codes, "values": self.values, "tower": self.tower, "allowed": self.allowed}
        for name, rows in {**arrays, "cards": self.cards, **self.vectors, **self.filters}.items():
            if len(rows) != len(self.item_ids):
                raise ValueError(f"The catalogue has {len(self.item_ids)} items and {len(rows)} rows of '{name}'.")
        hashes = stable_hashes(self.item_ids) if known_hashes is None else known_hashes
        object.__setattr__(self, "hashes", hashes)

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

    def is_allowed(self, item_id: str) -> bool:
        """Whether there is such an item, and it may be recommended."""
        row = self.row(item_id)
        return row >= 0 and bool(self.allowed[row])

    def rows(self, item_ids: Sequence[str]) -> Array:
        """int64 rows of outside names, -1 where there is no such item."""
        return np.fromiter((self.row(each) for each in item_ids), np.int64, len(item_ids))

    def rows_of_hashes(self, hashes: Array) -> Array:
        """int64 rows of stable hashes, -1 where there is no such item."""
        if not len(self):
            return np.full(len(hashes), -1, np.int64)
        ordered, order = self._by_hash
        place = ordered.searchsorted(hashes)
        found = ordered.take(place, mode="clip") == hashes
        return np.where(found, order.take(place, mode="clip"), -1)

    def with_items(self, items: "Catalogue") -> "Catalogue":
        """A new snapshot in which these items stand as given; this one stays as it is.

        Known items keep their rows and new ones are appended, so that a row means one item in all snapshots. Arrays are
        copied: a change costs what copying the catalogue costs, and no request pays for it.

        Args:
            items: each once, with the same arrays as this catalogue.

        Raises:
            ValueError: an item comes twice, or the arrays are not of the same names and widths.
        """
        rows = self.rows(items.item_ids)
        new = np.flatnonzero(rows < 0)
        rows[new] = len(self) + np.arange(len(new))
        if len(np.unique(rows)) != len(rows) or _names(items) != _names(self):
            raise ValueError("Changed items come once each, with the content vectors and filters of the catalogue.")
        size = len(self) + len(new)
        made = Catalogue(
            item_ids=(*self.item_ids, *(items.item_ids[place] for place in new.tolist())),
            codes=_merged(self.codes, rows, items.codes, size),
            values=_merged(self.values, rows, items.values, size),
            vectors={name: _merged(old, rows, items.vectors[name], size) for name, old in self.vectors.items()},
            tower=_merged(self.tower, rows, items.tower, size),
            cards=ChangedCards.of(self.cards, rows, items.cards, size),
            allowed=_merged(self.allowed, rows, items.allowed, size),
            filters={name: _filter_merged(old, rows, items.filters[name], size) for name, old in self.filters.items()},
            known_hashes=_merged(self.hashes, rows, items.hashes, size),
        )
        return _ready(made)

    def without(self, item_ids: Sequence[str]) -> "Catalogue":
        """A new snapshot in which these items may not be recommended; unknown names are passed over.

        They keep their rows: histories go on to hold them.
        """
        rows = self.rows(item_ids)
        allowed = self.allowed.copy()
        allowed[rows[rows >= 0]] = False
        return _ready(replace(self, allowed=allowed, known_hashes=self.hashes))


def _names(items: Catalogue) -> tuple[set[str], set[str]]:
    return set(items.vectors), set(items.filters)


def _filter_merged(old: FilterValues, rows: Array, given: FilterValues, size: int) -> FilterValues:
    match old, given:
        case (FilterWords(), FilterWords()):
            return old.with_rows(rows, given, size)
        case (FilterNumbers(), FilterNumbers()):
            return old.with_rows(rows, given, size)
        case _:
            raise ValueError("A filter of changed items is of another kind than that of the catalogue.")


def _merged(old: Array, rows: Array, given: Array, size: int) -> Array:
    merged = np.empty((size, *old.shape[1:]), old.dtype)
    merged[: len(old)] = old
    merged[rows] = given
    return merged


def _ready(catalogue: Catalogue) -> Catalogue:
    """Builds what names are looked up by, so that no request has to."""
    catalogue.row("")
    catalogue.rows_of_hashes(catalogue.hashes[:1])
    return catalogue

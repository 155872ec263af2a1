"""Raw values of items by which requests filter: the same arrays from the item table and from an item that comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isnan
from typing import Any

import numpy as np

from winnow.features.texts import category_text, texts_of
from winnow.schema.column import Array, Bools, Column, Masked, plain
from winnow.schema.feature import Feature, Kind

MISSING = -1
BOUNDS = ("min", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterWords:
    """A category or an id of I items.

    Attributes:
        codes: int32 [I], places in `words`, -1 where missing.
        words: every value once.
    """

    codes: Array
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def fitting(self, wanted: object) -> Bools:
        """bool [I], items whose value is one of those wanted; an item without a value never fits.

        Args:
            wanted: a list of texts or numbers, as JSON has them; values that no item has fit none.

        Raises:
            ValueError: it is something else; says what is wanted.
        """
        if not isinstance(wanted, list | tuple) or not all(isinstance(each, str | int | float) for each in wanted):
            raise ValueError("a list of texts or numbers is wanted, of which an item has one")
        texts = {category_text(each) for each in wanted}
        # One place more, which the code of what is missing, -1, leads to.
        fits = np.array([*(word in texts for word in self.words), False])
        return fits[self.codes]

    def with_rows(self, rows: Array, given: "FilterWords", size: int) -> "FilterWords":
        """The same for `size` items, of which some rows are given; words that are new come last."""
        place = {word: code for code, word in enumerate(self.words)}
        new = [place.setdefault(word, len(place)) for word in given.words]
        codes = np.full(size, MISSING, np.int32)
        codes[: len(self)] = self.codes
        codes[rows] = np.array([*new, MISSING], np.int32)[given.codes]
        return FilterWords(codes=codes, words=tuple(place))


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterNumbers:
    """A number or an instant (UTC seconds) of I items.

    Attributes:
        values: float64 [I], NaN where missing.
    """

    values: Array

    def __len__(self) -> int:
        return len(self.values)

    def fitting(self, wanted: object) -> Bools:
        """bool [I], items whose value lies between the bounds, both included; an item without a value never fits.

        Args:
            wanted: a mapping with `min`, `max` or both, as JSON has it.

        Raises:
            ValueError: it is something else; says what is wanted.
        """
        if not isinstance(wanted, Mapping) or not wanted or not set(wanted) <= set(BOUNDS):
            raise ValueError("an object with 'min', 'max' or both is wanted, which are numbers")
        least, most = (_bound(wanted.get(name, default)) for name, default in zip(BOUNDS, (-inf, inf), strict=True))
        if least > most:
            raise ValueError("'min' is above 'max', so that nothing lies between; give them the other way round")
        return (self.values >= least) & (self.values <= most)

    def with_rows(self, rows: Array, given: "FilterNumbers", size: int) -> "FilterNumbers":
        """The same for `size` items, of which some rows are given."""
        values = np.full(size, np.nan)
        values[: len(self)] = self.values
        values[rows] = given.values
        return FilterNumbers(values=values)


FilterValues = FilterWords | FilterNumbers


def filter_values(feature: Feature, column: Column) -> FilterValues:
    """The values of a filterable feature, from its raw column of N items."""
    if feature.kind in (Kind.NUMBER, Kind.TIME):
        if isinstance(column, Masked):
            return FilterNumbers(values=np.where(column.present, column.values, np.nan).astype(np.float64))
        return FilterNumbers(values=plain(column).astype(np.float64))
    texts = texts_of(column)
    place: dict[str, int] = {}
    codes = [MISSING if text is None else place.setdefault(text, len(place)) for text in texts]
    return FilterWords(codes=np.array(codes, np.int32), words=tuple(place))


def _bound(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or isnan(value):
        raise ValueError("'min' and 'max' are numbers")
    return float(value)

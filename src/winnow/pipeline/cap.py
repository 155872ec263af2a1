"""At most so many of one kind."""

from dataclasses import dataclass

from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `most` items with one value of a feature: of a category, a seller, a brand.

    Attributes:
        values: int [I], a number for the value of each item, by item row; below 0 for none, which is not capped.
        most: 1 or more.
    """

    values: Array
    most: int

"""How a recipe chooses its index."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from winnow.schema.errors import RecipeError

IndexKind = Literal["auto", "exact", "ivf", "ivfpq", "hnsw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexConfig:
    """Which index, and how much it must find.

    Attributes:
        kind: "exact" reads all items, "ivf" the lists nearest to the query, "ivfpq" their codes, "hnsw" walks a
            graph; "auto" is exact below 100,000 items, ivf from there on, and ivfpq from 500,000 on.
        recall_floor: above 0, at most 1; an index that finds less of the 300 truly best items of held-out queries is
            not built, and not opened.

    Raises:
        RecipeError: there is no such kind, or the floor is out of range.
    """

    kind: IndexKind = "auto"
    recall_floor: float = 0.95

    def __post_init__(self) -> None:
        if self.kind not in get_args(IndexKind):
            raise RecipeError(f"The index is of the kind '{self.kind}'; there are: {', '.join(get_args(IndexKind))}.")
        if not isinstance(self.recall_floor, int | float) or not 0 < self.recall_floor <= 1:
            raise RecipeError(f"The recall floor of the index is {self.recall_floor!r}; above 0 to 1 is wanted.")

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "IndexConfig":
        """From plain values, as a bundle's manifest holds them.

        Raises:
            RecipeError: a value that no IndexConfig has, or one that is out of range.
        """
        known = [each.name for each in fields(IndexConfig)]
        if unknown := sorted(set(values) - set(known)):
            raise RecipeError(f"The index of a recipe has no '{unknown[0]}'; it has: {', '.join(known)}.")
        return IndexConfig(**values)

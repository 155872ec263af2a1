"""How a request path is set up; written into the bundle as part of the recipe."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from winnow.schema.errors import RecipeError


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineConfig:
    """Sizes and choices of the request path.

    Attributes:
        ann_quota: candidates from the index.
        popular_quota: candidates from popularity.
        seen_types: event types after which an item counts as had; the positives of the schema always do.
        select: "score" for descending score, "sample" for weighted sampling without replacement.
        temperature: of the sampling, finite and above 0.
    """

    ann_quota: int = 300
    popular_quota: int = 20
    seen_types: tuple[str, ...] = ("click", "cart", "purchase", "dismiss")
    select: Literal["score", "sample"] = "score"
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if min(self.ann_quota, self.popular_quota) < 1:
            raise RecipeError(
                f"Quotas are at least 1; they are {self.ann_quota} (ann) and {self.popular_quota} (popular)."
            )
        if self.select not in ("score", "sample"):
            raise RecipeError(f"select is '{self.select}'; it is 'score' or 'sample'.")
        if not 0 < self.temperature < math.inf:
            raise RecipeError(f"The temperature is {self.temperature}; it is a finite number above 0.")

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "PipelineConfig":
        """From plain values, as a bundle's manifest holds them.

        Raises:
            RecipeError: a value that no PipelineConfig has, or one that is out of range.
        """
        known = {field.name for field in fields(PipelineConfig)}
        if unknown := sorted(set(values) - known):
            raise RecipeError(f"The pipeline of a recipe has no '{unknown[0]}'; it has: {', '.join(sorted(known))}.")
        given: dict[str, Any] = dict(values)
        if "seen_types" in given:  # a list, after its trip through JSON
            given["seen_types"] = tuple(given["seen_types"])
        return PipelineConfig(**given)

"""How a request path is set up; written into the bundle as part of the recipe."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from winnow.pipeline.reranking_config import RerankingConfig
from winnow.schema.column import Bools
from winnow.schema.errors import RecipeError
from winnow.stores.counted_types import counted_types
from winnow.stores.seen_layout import SeenConfig

QUOTA = "_quota"
Select = Literal["score", "sample", "mmr", "dpp"]
DIVERSE = ("mmr", "dpp")
"""The selectors that weigh diversity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineConfig:
    """Sizes and choices of the request path.

    Attributes:
        ann_quota: candidates from the index; a quota of 0 turns a source off.
        covisited_quota: of what goes together with the user's last items.
        own_quota: of what the user had, where people come back for what they had.
        popular_quota: of what most people had.
        trending_quota: of what most people had lately.
        category_quota: of what is popular in the categories of the user's last items.
        similar_quota: of what is like the user's last items in words and pictures.
        fresh_quota: of the newest items.
        seen_types: event types after which an item counts as had; the positives of the schema always do.
        seen_impressions: after how many of the user's last impressions an item counts as had, too; 0: never.
        seen: how much is remembered of what was had since the training.
        select: "score" for descending score, "sample" for weighted sampling without replacement, "mmr" and "dpp" for a
            trade-off between score and diversity.
        temperature: of the sampling, finite and above 0.
        reranking: diversity, caps, boosts and pins.
    """

    ann_quota: int = 200
    covisited_quota: int = 100
    own_quota: int = 20
    popular_quota: int = 20
    trending_quota: int = 10
    category_quota: int = 20
    similar_quota: int = 20
    fresh_quota: int = 10
    seen_types: tuple[str, ...] = ("click", "cart", "purchase", "dismiss")
    seen_impressions: int = 0
    seen: SeenConfig = field(default_factory=SeenConfig)
    select: Select = "score"
    temperature: float = 1.0
    reranking: RerankingConfig = field(default_factory=RerankingConfig)

    def __post_init__(self) -> None:
        quotas = self.quotas
        if wrong := [name for name, quota in quotas.items() if quota < 0]:
            raise RecipeError(
                f"The quota of the source '{wrong[0]}' is {quotas[wrong[0]]!r}; it is 0 for none, or more."
            )
        if not any(quotas.values()):
            raise RecipeError("Every source has the quota 0; give one to at least one source.")
        if self.select not in get_args(Select):
            known = ", ".join(f"'{each}'" for each in get_args(Select))
            raise RecipeError(f"select is '{self.select}'; it is one of {known}.")
        if self.seen_impressions < 0:
            raise RecipeError(f"seen_impressions is {self.seen_impressions}; it is 0 for never, or more.")
        if not 0 < self.temperature < math.inf:
            raise RecipeError(f"The temperature is {self.temperature}; it is a finite number above 0.")

    @property
    def quotas(self) -> Mapping[str, int]:
        """Most candidates for a request by the name of the source, in the order in which sources are asked."""
        names = [each.name for each in fields(self) if each.name.endswith(QUOTA)]
        return {name.removesuffix(QUOTA): getattr(self, name) for name in names}

    def retrieving(self, share: float) -> Mapping[str, int]:
        """The quotas at a share of their size, above 0 to 1.

        No source is turned off by it: a ranker has learned from all of them, and each proposes at least one item.
        """
        return {name: math.ceil(quota * share) for name, quota in self.quotas.items()}

    def had_types(self, positives: Iterable[str]) -> Bools:
        """bool [number of event types], after which an item counts as had, where these are the positives."""
        return counted_types({*self.seen_types, *positives})

    @property
    def diversity_limits(self) -> tuple[float, float] | None:
        """The least and the most that a request may ask for; None where the selector knows no diversity."""
        return self.reranking.diversity_limits if self.select in DIVERSE else None

    @property
    def explore_limits(self) -> tuple[float, float] | None:
        """The least and the most temperature that a request may ask for; None where the selector draws nothing."""
        return self.reranking.explore_limits if self.select == "sample" else None

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "PipelineConfig":
        """From plain values, as a bundle's manifest holds them.

        Raises:
            RecipeError: a value that no PipelineConfig has, or one that is out of range.
        """
        known = {each.name for each in fields(PipelineConfig)}
        if unknown := sorted(set(values) - known):
            raise RecipeError(f"The pipeline of a recipe has no '{unknown[0]}'; it has: {', '.join(sorted(known))}.")
        given: dict[str, Any] = dict(values)
        if "seen_types" in given:  # a list, after its trip through JSON
            given["seen_types"] = tuple(given["seen_types"])
        if "seen" in given:
            given["seen"] = SeenConfig.from_dict(given["seen"])
        if "reranking" in given:
            given["reranking"] = RerankingConfig.from_dict(given["reranking"])
        return PipelineConfig(**given)

"""What stands between scores and the answer, beside the choice of the selector; written into the bundle."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from winnow.schema.errors import RecipeError
from winnow.schema.schema import EventType

CLICK = str(EventType.CLICK)
OUTCOMES = (CLICK, *map(str, (EventType.CART, EventType.PURCHASE, EventType.DISMISS)))
"""What may come of showing an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankingConfig:
    """Diversity, caps, boosts and pins; by default there are none.

    Attributes:
        diversity: 0 to 1, how much novelty counts against score where the selector is "mmr" or "dpp"; within limits.
        diversity_limits: the least and the most that a request may ask for.
        explore_limits: the least and the most temperature of the draw that a request may ask for where the selector is
            "sample"; from 0, which draws nothing and orders by score. That of the recipe may lie beyond them.
        caps: most items in a list with one value of a feature, 1 or more by the name of a filterable category or id.
        freshness: what an item that nobody had yet gains, in units of the score (a ranker's are log-odds); 0 for none.
        freshness_half_life_days: of that gain, from when the item was first had; above 0.
        promotions: what is added to the scores of items, by item id; one that the shop lacks is passed over.
        worth: of what may come of showing an item, by outcome. A click, named "click" whatever is positive, is worth
            more than 0, a dismissal may be worth less; what is not named is worth nothing. Empty: only clicks count.
        pins: places from 1 by item id, no place twice; one that the shop lacks is passed over.

    Raises:
        RecipeError: a setting is out of range.
    """

    diversity: float = 0.3
    diversity_limits: tuple[float, float] = (0.0, 1.0)
    explore_limits: tuple[float, float] = (0.0, 1.0)
    caps: Mapping[str, int] = field(default_factory=dict[str, int])
    freshness: float = 0.0
    freshness_half_life_days: float = 7.0
    promotions: Mapping[str, float] = field(default_factory=dict[str, float])
    worth: Mapping[str, float] = field(default_factory=dict[str, float])
    pins: Mapping[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        least, most = self.diversity_limits
        if not 0 <= least <= self.diversity <= most <= 1:
            raise RecipeError(
                f"The diversity is {self.diversity} with the limits {least} and {most}; numbers from 0 to 1 are "
                "wanted, the diversity between its limits."
            )
        coolest, hottest = self.explore_limits
        if not 0 <= coolest <= hottest < math.inf:
            raise RecipeError(
                f"The limits of exploring are {coolest} and {hottest}; two finite numbers from 0 are wanted, the "
                "lesser one first."
            )
        self._check_boosts()
        _check_worth(self.worth)
        _check_whole("cap", self.caps)
        _check_whole("pin", self.pins)
        places = list(self.pins.values())
        if twice := [place for place in places if places.count(place) > 1]:
            raise RecipeError(f"Two items are pinned to place {twice[0]}; give each pin a place of its own.")

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "RerankingConfig":
        """From plain values, as a bundle's manifest holds them.

        Raises:
            RecipeError: a value that no RerankingConfig has, or one that is out of range.
        """
        known = {each.name for each in fields(RerankingConfig)}
        if unknown := sorted(set(values) - known):
            raise RecipeError(f"The reranking of a recipe has no '{unknown[0]}'; it has: {', '.join(sorted(known))}.")
        given: dict[str, Any] = dict(values)
        for limits in {"diversity_limits", "explore_limits"} & set(given):  # lists, after their trip through JSON
            given[limits] = tuple(given[limits])
        return RerankingConfig(**given)

    def _check_boosts(self) -> None:
        boosts = {"freshness": self.freshness, **{f"promotion of '{item}'": by for item, by in self.promotions.items()}}
        if wrong := [name for name, amount in boosts.items() if not math.isfinite(amount)]:
            raise RecipeError(
                f"The {wrong[0]} is {boosts[wrong[0]]}; it is a finite number that is added to the score."
            )
        if not 0 < self.freshness_half_life_days < math.inf:
            raise RecipeError(
                f"The half-life of freshness is {self.freshness_half_life_days} days; it is a finite number above 0."
            )


def _check_worth(worth: Mapping[str, float]) -> None:
    for name, amount in worth.items():
        if name not in OUTCOMES:
            raise RecipeError(f"The recipe says what '{name}' is worth; the outcomes are: {', '.join(OUTCOMES)}.")
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise RecipeError(f"The worth of '{name}' is {amount!r}; it is a finite number.")
    if worth and worth.get(CLICK, 0) <= 0:
        raise RecipeError(
            f"The recipe says what outcomes are worth, and a click {worth.get(CLICK, 0)}; give 'click' a number above "
            "0, which the others are weighed against."
        )


def _check_whole(what: str, numbers: Mapping[str, int]) -> None:
    for name, number in numbers.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise RecipeError(f"The {what} of '{name}' is {number!r}; it is a whole number from 1.")

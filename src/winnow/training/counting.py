"""What sources count of the training events."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array
from winnow.stores.counts import Counts
from winnow.training.covisits import covisits
from winnow.training.interactions import Interactions
from winnow.training.positive import check_positive

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingConfig:
    """How events are counted.

    Attributes:
        half_life_days: after which an event weighs half for what is trending.
        neighbours: most items that are kept beside each item as going with it.
    """

    half_life_days: float = 7.0
    neighbours: int = 300

    def __post_init__(self) -> None:
        check_positive("counting", self, ("half_life_days", "neighbours"))


def popularity(interactions: Interactions, num_items: int) -> Array:
    """float32 [I], positives of each item."""
    return np.bincount(interactions.items, minlength=num_items).astype(np.float32)


def counts_of(interactions: Interactions, num_items: int, config: CountingConfig) -> Counts:
    """Counts the positives, as of the last of them.

    Args:
        interactions: positives of the training time.
        num_items: I.
        config: how.
    """
    users, items, at = interactions.users, interactions.items, interactions.at
    until = float(at.max(initial=-np.inf)) if len(at) else 0.0
    half_life_s = config.half_life_days * DAY_S
    return Counts(
        until=until,
        half_life_s=half_life_s,
        trending=np.bincount(items, np.exp2((at - until) / half_life_s), minlength=num_items).astype(np.float32),
        first_at=first_had(items, at, num_items),
        repeats=float(np.mean(~interactions.first)) if len(at) else 0.0,
        covisited=covisits(users, items, at, num_items, config.neighbours),
    )


def first_had(items: Array, at: Array, num_items: int) -> Array:
    """float64 [I], when each item was first had, infinite where it never was.

    Args:
        items: int64 [N], what was had.
        at: float64 [N], when.
        num_items: I.
    """
    first = np.full(num_items, np.inf)
    np.minimum.at(first, items, at)
    return first

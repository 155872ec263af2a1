"""How large a simulated shop is, and what happens in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from winnow.data.shop.effects import Effects
from winnow.schema.errors import DataError

FEWEST = {"users": 20, "items": 40, "days": 2}
MOST_RISE = 10.0
RANGES = {"days": (2, 366), "visits": (0.01, 24), "logged": (0, 1), "click_rate": (0.001, 0.5), "seed": (0, 2**63 - 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A change of the world on a day.

    Attributes:
        day: the first day on which it shows, counted from 0.
        users: share of users whose own taste is drawn anew.
        category_rise: logits by which one category becomes more attractive; it is shown more often as well.
        mobile: share of people who take to their mobile phone.
    """

    day: int
    users: float = 0.3
    category_rise: float = 1.5
    mobile: float = 0.3

    def __post_init__(self) -> None:
        for name in ("users", "mobile"):
            if not 0 <= getattr(self, name) <= 1:
                raise DataError(f"The drift's share of {name} is {getattr(self, name)}; from 0 to 1 is wanted.")
        if not abs(self.category_rise) <= MOST_RISE:
            allowed = f"from {-MOST_RISE} to {MOST_RISE} is wanted"
            raise DataError(f"The drift lifts a category by {self.category_rise} logits; {allowed}.")
        if self.day < 1:
            raise DataError(f"The drift is on day {self.day}; day 1 or later is wanted, so that there is a before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSpec:
    """A size and a seed; equal specs give equal shops, byte for byte.

    Attributes:
        users: at least 20.
        items: at least 40.
        days: from 2 to 366.
        visits: of a user on a day, mean.
        logged: share of users whose impressions are logged.
        click_rate: clicks among all that is shown.
        drawn: whether items have pictures, files of 13 ms each; otherwise they have the vectors that a good encoder
            would make of them.
        seed: from 0.
        effects: what moves clicks.
        drift: none by default.
    """

    users: int
    items: int
    days: int
    visits: float
    logged: float = 1.0
    click_rate: float = 0.1
    drawn: bool = False
    seed: int = 0
    effects: Effects = field(default_factory=Effects)
    drift: Drift | None = None

    def __post_init__(self) -> None:
        for name, fewest in FEWEST.items():
            if getattr(self, name) < fewest:
                raise DataError(f"A shop with {getattr(self, name)} {name} is too small; at least {fewest} are wanted.")
        for name, (low, high) in RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise DataError(f"The shop's {name} is {getattr(self, name)}; from {low} to {high} is wanted.")
        if self.drift is not None and self.drift.day >= self.days:
            raise DataError(f"The drift is on day {self.drift.day}, but the shop has days 0 to {self.days - 1}.")


SIZES: Mapping[str, ShopSpec] = MappingProxyType(
    {
        "tiny": ShopSpec(users=300, items=120, days=14, visits=0.8, drawn=True),
        "demo": ShopSpec(users=3_000, items=2_465, days=28, visits=0.5, drawn=True),
        "published": ShopSpec(users=300_000, items=2_465, days=14, visits=3.5, logged=0.02, click_rate=0.08),
        "large": ShopSpec(users=1_000_000, items=1_000_000, days=14, visits=0.325, logged=0.1),
    }
)
"""tiny for tests, demo for the first look, published as large as the logs of the published system, large a big shop."""


def spec_of(recipe: str, changes: Mapping[str, int] | None = None, without: Sequence[str] = ()) -> ShopSpec:
    """A recipe by name, with other sizes and without some effects.

    Raises:
        DataError: there is no such recipe or effect, or a size is out of range.
    """
    if recipe not in SIZES:
        raise DataError(f"There is no recipe '{recipe}' for a shop; there are: {', '.join(SIZES)}.")
    return replace(SIZES[recipe], **(changes or {}), effects=Effects(removed=frozenset(without)))

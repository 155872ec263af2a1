"""What moves a click in the simulated shop, and how strongly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from winnow.schema.errors import DataError

SHARES: Mapping[str, float] = MappingProxyType(
    {
        "taste": 0.40,
        "session": 0.15,
        "picture": 0.10,
        "words": 0.10,
        "device_hour": 0.10,
        "price": 0.10,
        "popularity": 0.05,
    }
)
"""Shares of the variance of the true click logit. They are a promise to whoever is graded on this shop."""

LOGIT_SD = 1.7
"""Standard deviation of the true click logit over what the shop shows, when no effect is taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The effects that are planted.

    Attributes:
        removed: names of effects that are taken away; the others keep their variance.
    """

    removed: frozenset[str] = field(default_factory=frozenset[str])

    def __post_init__(self) -> None:
        unknown = sorted(self.removed - SHARES.keys())
        if unknown:
            raise DataError(f"'{unknown[0]}' is not an effect; the effects are: {', '.join(SHARES)}.")

    def without(self, name: str) -> "Effects":
        """The same effects without one of them."""
        return replace(self, removed=self.removed | {name})

    def variances(self) -> dict[str, float]:
        """Wanted variance of each effect, in squared logits."""
        return {name: 0.0 if name in self.removed else share * LOGIT_SD**2 for name, share in SHARES.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(SHARES)

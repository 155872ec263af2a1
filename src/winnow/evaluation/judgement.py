"""What a model says of impressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a model says of N impressions.

    Attributes:
        scores: float [N], by which items of a page are ordered; nobody is told the place.
        chances: float [N], in [0, 1], of a click where the item stands; None for a model that knows no chances.
        further: float [N] by outcome, chances of what follows on a click, given a click, and of a dismissal, as shown.
    """

    scores: Array
    chances: Array | None = None
    further: Mapping[str, Array] = field(default_factory=dict[str, Array])

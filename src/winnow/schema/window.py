"""What a user did most with lately: a context feature that nobody sends, for it is computed."""

import math
from dataclasses import dataclass

from winnow.schema.errors import SchemaError

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The word of an item feature with the most events of the user; ties go to the word that came last.

    Attributes:
        of: name of an item feature with a vocabulary.
        over_hours: events of so many hours before the instant count, the instant itself not among them.
        types: event types that count.
    """

    of: str
    over_hours: float
    types: tuple[str, ...] = ("view", "click", "cart", "purchase")

    def __post_init__(self) -> None:
        object.__setattr__(self, "over_hours", float(self.over_hours))
        if not 0 < self.over_hours < math.inf:
            raise SchemaError(f"A window reaches over {self.over_hours:g} hours; a finite number above 0 is wanted.")
        if not self.types:
            raise SchemaError("A window counts no event types; name at least one, or leave 'types' out.")

    @property
    def over_s(self) -> float:
        """Seconds that it reaches back."""
        return self.over_hours * HOUR_S

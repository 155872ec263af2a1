"""What a user did most with lately: a context feature that nobody sends, for it is computed."""

import math
from dataclasses import dataclass

from winnow.schema.errors import SchemaError

HOUR_S = 3600.0
LAST_EVENTS, LONGEST = 100, 10_000
"""Events at which a window looks by default, and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The word of an item feature with the most events of the user; ties go to the word that came last.

    Attributes:
        of: name of an item feature with a vocabulary.
        over_hours: events of so many hours before the instant count, the instant itself not among them.
        types: event types that count.
        last_events: so many of a user's last events of these types are looked at, 1 to `LONGEST`, however many lie
            within the hours: what a store knows one by one ends somewhere, and training must not know more than it.
    """

    of: str
    over_hours: float
    types: tuple[str, ...] = ("view", "click", "cart", "purchase")
    last_events: int = LAST_EVENTS

    def __post_init__(self) -> None:
        object.__setattr__(self, "over_hours", float(self.over_hours))
        if not 0 < self.over_hours < math.inf:
            raise SchemaError(f"A window reaches over {self.over_hours:g} hours; a finite number above 0 is wanted.")
        if not self.types:
            raise SchemaError("A window counts no event types; name at least one, or leave 'types' out.")
        if not 1 <= self.last_events <= LONGEST:
            raise SchemaError(
                f"A window looks at the last {self.last_events:,} events; 1 to {LONGEST:,} are wanted, since every "
                "request reads as many."
            )

    @property
    def over_s(self) -> float:
        """Seconds that it reaches back."""
        return self.over_hours * HOUR_S

"""Categories to how much oftener than usual they are clicked."""

from dataclasses import dataclass, field

import numpy as np

from winnow.features.output import Output
from winnow.features.texts import texts_of
from winnow.schema.column import Array, Column

USUAL = 0.0
"""What is said of a value that training did not have, and where it is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickRate:
    """Log-odds of a value's click rate, less the usual ones; one weight for all values, so that rare ones tell too.

    Attributes:
        known: text of the values that training had.
        log_odds: what is said of each of them, above 0 where it is clicked oftener than usual.
    """

    known: tuple[str, ...]
    log_odds: tuple[float, ...]
    _said: dict[str | None, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_said", dict(zip(self.known, self.log_odds, strict=True)))

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "value", 1),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        said_of = self._said.get
        return (np.array([said_of(text, USUAL) for text in texts_of(column)], np.float32),)

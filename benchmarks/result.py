"""One measured number."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A row of the table and of results.json.

    Attributes:
        name: `group.what_unit`; the group is the part before the first dot, or one of the next.
        value: finite.
        unit: of the value, such as "ms".
        better: which way is better.
        how: what was measured, in words and sizes: items, features, widths, history, candidates.
    """

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    how: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"The result '{self.name}' is {self.value}; a published number is finite.")
        if not self.how:
            raise ValueError(f"The result '{self.name}' does not say how it was measured.")

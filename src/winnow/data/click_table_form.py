"""What the columns of a table of clicks are."""

from dataclasses import dataclass
from typing import Literal

from winnow.schema.errors import SchemaError

Unit = Literal["s", "ms", "us", "timestamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTableForm:
    """Names of the columns; by default those of Criteo's display advertising logs: label, I1 to I13, C1 to C26.

    Attributes:
        label: 1 where the row was clicked, 0 where it was not; never missing.
        numbers: columns of numbers.
        categories: columns of categories.
        at: column of the instants of the rows, if there is one; never missing.
        time_unit: of `at`: s, ms or us since 1970, or timestamp for date-times and ISO text.

    Source: Criteo Labs, Display Advertising Challenge, 2014, readme.txt.
    """

    label: str = "label"
    numbers: tuple[str, ...] = tuple(f"I{place}" for place in range(1, 14))
    categories: tuple[str, ...] = tuple(f"C{place}" for place in range(1, 27))
    at: str | None = None
    time_unit: Unit = "s"

    def __post_init__(self) -> None:
        columns = self.columns
        if twice := [name for name in dict.fromkeys(columns) if columns.count(name) > 1]:
            raise SchemaError(f"The form of the table names the column '{twice[0]}' twice; every column is one thing.")
        if not (self.numbers or self.categories):
            raise SchemaError("The form of the table names neither numbers nor categories; at least one is wanted.")

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the order in which a file without a header has them: label, numbers, categories, at."""
        return (self.label, *self.numbers, *self.categories, *((self.at,) if self.at is not None else ()))

"""What every fitted transform promises."""

from typing import Protocol

from winnow.features.output import Output
from winnow.schema.column import Array, Column


class FittedTransform(Protocol):
    """A raw column to one or a few arrays, row by row: no row's result depends on another row.

    Implementations are dataclasses whose fields are numbers, text, tuples of these, or arrays, so that one pair of
    functions saves and loads them all.
    """

    def outputs(self, name: str) -> tuple[Output, ...]:
        """What the arrays are, for a feature of that name."""
        ...

    def __call__(self, column: Column) -> tuple[Array, ...]:
        """The arrays, in the order of `outputs`.

        Raises:
            SchemaError: the column is of the wrong kind, or holds a value that this transform cannot take.
        """
        ...

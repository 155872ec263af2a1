"""What the features of clicks read."""

from typing import Protocol

import pyarrow as pa

from winnow.schema.column import Floats


class ClickRows(Protocol):
    """N rows of numbers and categories; a `ClickTable` of the room `data`, which this room may not see, keeps it."""

    @property
    def numbers(self) -> Floats:
        """float32 [N, numbers], NaN where missing."""
        ...

    @property
    def number_names(self) -> tuple[str, ...]:
        """The columns of `numbers`, in order."""
        ...

    @property
    def categories(self) -> pa.Table:
        """N rows of text, dictionaries of it for speed; null where missing."""
        ...

"""What features read of all items at once, whoever keeps it: a training set or a catalogue that serves."""

from collections.abc import Mapping
from typing import Protocol

from winnow.schema.column import Array


class ItemArrays(Protocol):
    """Codes int32 [I, Fc], values float32 [I, Fv] and unit vectors float32 [I, W] by name, zero where missing."""

    @property
    def codes(self) -> Array: ...

    @property
    def values(self) -> Array: ...

    @property
    def vectors(self) -> Mapping[str, Array]: ...

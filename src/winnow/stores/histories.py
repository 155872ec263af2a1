"""What a user has had, item by item."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.schema.schema import EventType


class Histories(Protocol):
    """Stores that can say exactly which items a user had events on, however long ago."""

    def items_of(self, user_id: str, counted: Bools, before: float) -> Array:
        """Stable hashes of the items that the user had, uint64 [M], in any order, perhaps more than once.

        Args:
            user_id: outside name; "" is nobody, who has had nothing.
            counted: bool [number of event types], which types count, as `counted_types` makes it.
            before: UTC seconds; only events strictly earlier count.
        """
        ...


def counted_types(types: Iterable[str]) -> Bools:
    """bool [number of event types], true where the EventType is among `types`; ValueError for any other word."""
    wanted = {EventType(each) for each in types}
    return np.array([each in wanted for each in EventType])

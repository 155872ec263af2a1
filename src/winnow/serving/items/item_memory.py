"""What is remembered of the changes of items, so that further bundles can be told of them."""

from collections.abc import Collection
from typing import Any, Protocol

from winnow.serving.items.item_change import ItemChange


class ItemMemory(Protocol):
    """The last word on each item. One thread at a time writes."""

    @property
    def is_durable(self) -> bool:
        """Whether it outlives the process."""
        ...

    def append(self, change: ItemChange) -> None:
        """Remembers a change whose pictures are bytes. Raises Unavailable where it cannot; then nothing is changed."""
        ...

    def changes(self) -> Collection[ItemChange]:
        """What was last said of each item, in the order in which it was said."""
        ...

    def last(self, item_id: str) -> ItemChange | None:
        """What was last said of an item; None where nothing was."""
        ...

    def values_of(self, change: ItemChange) -> dict[str, Any]:
        """The values of a change with its pictures, as bytes.

        Raises:
            DataError: a picture is missing or damaged; names item and file.
        """
        ...

    def close(self) -> None:
        """Lets go of files."""
        ...

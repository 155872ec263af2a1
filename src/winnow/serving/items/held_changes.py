"""Changes of items in memory, as long as the process lives."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from winnow.serving.items.item_change import ItemChange, remember


@dataclass(frozen=True, slots=True)
class HeldChanges:
    """An ItemMemory for services without a state folder. Pictures are held as they came."""

    is_durable: bool = field(default=False, init=False)
    _changes: dict[str, ItemChange] = field(default_factory=dict[str, ItemChange], init=False)

    def append(self, change: ItemChange) -> None:
        remember(self._changes, change)

    def changes(self) -> Collection[ItemChange]:
        return tuple(self._changes.values())

    def last(self, item_id: str) -> ItemChange | None:
        return self._changes.get(item_id)

    def values_of(self, change: ItemChange) -> dict[str, Any]:
        return dict(change.values or {})

    def close(self) -> None:
        """There is nothing to let go of."""

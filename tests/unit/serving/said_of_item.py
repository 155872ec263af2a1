"""What was said of an item at some instant."""

from typing import Any

from winnow.serving.items.item_change import ItemChange


def said(item_id: str, values: dict[str, Any] | None, at: float = 1.0) -> ItemChange:
    return ItemChange(item_id=item_id, values=values, at=at)

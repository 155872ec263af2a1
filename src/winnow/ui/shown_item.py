"""An item as a card shows it, whatever the shop's columns are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from zlib import crc32

from winnow.ui.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """One item of any answer of the service.

    Attributes:
        item_id: outside name.
        title: never empty.
        category: empty where the shop has none.
        price: None where the shop has none.
        seen: it returned because nothing else may be shown.
        request_id: of the answer that it is in; empty where it is in none.
    """

    item_id: str
    title: str
    category: str = ""
    price: float | None = None
    seen: bool = False
    request_id: str = ""

    @staticmethod
    def of(item: Mapping[str, Any], shop: Shop, request_id: str = "") -> "ShownItem":
        """Out of an answer, or of a card with the item's id beside it; the shop says what its columns are."""
        price = item.get(shop.price)
        return ShownItem(
            item_id=str(item["item_id"]),
            title=str(item.get("title") or item["item_id"]),
            category=next((str(item[name]) for name in shop.categories if item.get(name)), ""),
            price=float(price) if isinstance(price, int | float) else None,
            seen=bool(item.get("seen")),
            request_id=request_id,
        )

    @staticmethod
    def all_of(answer: Mapping[str, Any], shop: Shop) -> "list[ShownItem]":
        """All items of an answer, in their order."""
        return [ShownItem.of(each, shop, answer["request_id"]) for each in answer["items"]]

    @property
    def picture(self) -> str:
        """The address of its picture, of these pages; nothing may be there."""
        return f"/pictures/{quote(self.item_id, safe='')}"

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"/items/{quote(self.item_id, safe='')}"

    @property
    def initials(self) -> str:
        """Up to two letters that stand where a picture is missing."""
        words = [word for word in self.title.split() if word[0].isalnum()]
        return "".join(word[0].upper() for word in words[:2])

    @property
    def hue(self) -> int:
        """Degrees of the colour of its category, the same everywhere and always."""
        return crc32((self.category or self.title).encode()) % 360

"""An item of an answer: its place in it, beside its card."""

from collections.abc import Mapping
from typing import Any

from winnow.pipeline.catalogue import Catalogue


def answered_item(catalogue: Catalogue, rank: int, row: int, score: float, more: Mapping[str, Any]) -> dict[str, Any]:
    """The item's id, rank, score, title, what more is said of it, and the columns of its card; ready for JSON."""
    card = catalogue.cards[row]
    own = {"item_id": catalogue.item_ids[row], "rank": rank, "score": score, "title": card.get("title"), **more}
    # Our fields come first, and a card column of the same name does not replace them.
    return {**own, **card, **own}

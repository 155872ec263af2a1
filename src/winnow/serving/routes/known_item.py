"""The item that an address names, or the refusal that there is none."""

from winnow.pipeline.catalogue import Catalogue
from winnow.serving.errors import ApiError
from winnow.serving.routes.json_body import described


def known_row(catalogue: Catalogue, item_id: str) -> int:
    """The row of an item that may be recommended.

    Raises:
        ApiError: 404, no item has this id, or it was withdrawn.
    """
    row = catalogue.row(item_id)
    if row < 0 or not catalogue.allowed[row]:
        raise absent(item_id)
    return row


def absent(item_id: str) -> ApiError:
    """The refusal, to be raised."""
    return ApiError(
        404, "no_such_item", f"No item has {described(item_id)} for its id, or it was withdrawn.", "item_id"
    )

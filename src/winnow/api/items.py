"""`/v1/items/{item_id}`: items that come, change and go."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.limits import MAX_ITEM_FIELDS, MAX_PICTURE_BYTES


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRequest:
    """The whole item: what is absent is missing, also where it had a value before."""

    values: Annotated[
        dict[str, Any],
        Field(
            max_length=MAX_ITEM_FIELDS,
            description="By the item columns of the shop's schema, such as title. A picture is the content of a JPEG, "
            f"PNG, WebP or GIF file as base64 text, at most {MAX_PICTURE_BYTES:,} bytes of it; nothing is fetched.",
        ),
    ]


class ItemChange(TypedDict):
    """A change that every later request sees."""

    item_id: str
    status: Literal["created", "replaced", "withdrawn"]
    durable: Annotated[
        bool, Field(description="False: no state folder is set, so the change ends with the process (WINNOW_STATE).")
    ]


class ItemResponse(TypedDict):
    """An item that may be recommended."""

    item_id: str
    card: Annotated[dict[str, Any], Field(description="What people see of it.")]

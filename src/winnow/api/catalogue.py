"""`POST /v1/catalogue`: the shop's items, searched, filtered, counted, page by page."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import ConfigDict, Field, Strict, with_config
from typing_extensions import TypedDict

from winnow.api.limits import MAX_ID_CHARS, MAX_LISTED, MAX_OFFSET, MAX_QUERY_CHARS
from winnow.api.recommendations import Filters

Query = Annotated[
    str,
    Field(
        max_length=MAX_QUERY_CHARS,
        description="Words that an item's card has, all of them, whole or as beginnings; capitals and accents do not "
        "count. Empty: all items. The first 16 words count.",
    ),
]
Sort = Annotated[
    str,
    Field(
        max_length=MAX_ID_CHARS,
        description="`popular`; `new`, last come first; or a filterable number or time of the shop's schema, such as "
        "`price`, least first, or `-price`, greatest first; items without the value last. Empty: items whose title "
        "has the most of the query's words first, then popular ones.",
    ),
]
Offset = Annotated[int, Strict(), Field(ge=0, le=MAX_OFFSET, description="Items before the page.")]
Limit = Annotated[int, Strict(), Field(ge=0, le=MAX_LISTED, description="Items on the page.")]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRequest:
    """Asks for a page of the items that may be recommended now."""

    query: Query = ""
    filters: Filters = field(default_factory=dict)
    sort: Sort = ""
    offset: Offset = 0
    limit: Limit = 24


class ListedItem(TypedDict, extra_items=Any):
    """One item; the card columns of the shop's schema stand beside these fields."""

    item_id: str
    title: str | None


class ValueRange(TypedDict):
    """Between what the values of a number or a time lie."""

    min: float
    max: float


class CatalogueResponse(TypedDict):
    """A page, and what else it could be narrowed to."""

    request_id: Annotated[str, Field(description="Names this answer in logs; also in the header X-Request-Id.")]
    bundle: Annotated[str, Field(description="The bundle that answered.")]
    total: Annotated[int, Field(description="Items on all pages.")]
    items: list[ListedItem]
    facets: Annotated[
        dict[str, dict[str, int]],
        Field(
            description="By filterable category or id, how many items have each value: the 100 most frequent ones, "
            "most first. Counted under the query and all filters but the feature's own."
        ),
    ]
    ranges: Annotated[
        dict[str, ValueRange],
        Field(description="By filterable number or time, the least and the greatest value, counted likewise."),
    ]

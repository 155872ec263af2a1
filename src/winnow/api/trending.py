"""`GET /v1/trending`: what is asked and what is answered."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.answer_head import AnswerHead
from winnow.api.limits import MAX_ID_CHARS, MAX_K

K = Annotated[
    int, Field(ge=0, le=MAX_K, description="Items wanted. The answer holds fewer only when fewer may be shown.")
]
Category = Annotated[
    str,
    Field(
        max_length=MAX_ID_CHARS,
        description="Only items that have this value in a category feature of the shop's schema. Empty: all items.",
    ),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TrendingRequest:
    """Asks, in the query of the address, for the k items that are most in demand now."""

    k: K = 10
    category: Category = ""


class TrendingItem(TypedDict, extra_items=Any):
    """One item of the answer; the card columns of the shop's schema stand beside these fields."""

    item_id: str
    rank: Annotated[int, Field(ge=1, description="1 is best.")]
    score: Annotated[
        float,
        Field(ge=0, description="Events of positive types; one of this moment counts 1, half after each half-life."),
    ]
    title: str | None


class TrendingResponse(AnswerHead):
    """The answer, most in demand first; never an item that was withdrawn."""

    category: Annotated[str, Field(description="The category that was asked for; empty for all items.")]
    items: list[TrendingItem]

"""`GET /v1/shop`: what may be asked of the bundle that serves, and what its answers hold."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from winnow.api.answer_head import AnswerHead
from winnow.api.limits import MAX_TOLD_VALUES
from winnow.schema.feature import Kind


class CardColumn(TypedDict):
    """A column of the shop that stands beside the fields of every answered item."""

    name: str
    kind: Kind
    filterable: Annotated[bool, Field(description="Whether a request may filter items by it.")]


class ContextColumn(TypedDict):
    """What a request may tell of its moment; the instant, `timestamp`, may always be told."""

    name: Annotated[str, Field(description="In the `context` of a request.")]
    kind: Kind
    values: Annotated[
        list[str],
        Field(
            description=f"The {MAX_TOLD_VALUES} values that were most frequent in training, most first; any other one "
            "counts as unknown. Empty: it is no word, or training kept no list."
        ),
    ]


class LikenessPart(TypedDict):
    """A part that the likeness of items can be mixed of, see `GET /v1/items/{item_id}/similar`."""

    name: str
    kind: Annotated[Kind | None, Field(description="Of the feature that it is; null: what the same visitors want.")]


class Leeway(TypedDict):
    """What a request may ask for."""

    min: float
    max: float
    default: Annotated[float, Field(description="Where a request says nothing; it may lie beyond the limits.")]


class Limits(TypedDict):
    """What the recipe leaves to those who ask; what is null is refused."""

    k: Leeway
    diversity: Leeway | None
    explore: Leeway | None


class ShopResponse(AnswerHead):
    """What the bundle that serves was made for; a bundle that takes over tells its own."""

    card: Annotated[list[CardColumn], Field(description="In the order of the shop's schema.")]
    context: list[ContextColumn]
    likeness: list[LikenessPart]
    select: Annotated[str, Field(description="How the recipe chooses among what is ranked: score, sample, mmr or dpp.")]
    limits: Limits

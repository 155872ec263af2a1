"""`GET /v1/items/{item_id}/similar`: what is asked and what is answered."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.answer_head import AnswerHead
from winnow.api.limits import MAX_K

K = Annotated[
    int, Field(ge=0, le=MAX_K, description="Items wanted. The answer holds fewer only when fewer may be shown.")
]
By = Annotated[
    str,
    Field(
        description="What items are compared by: parts and their weights, such as picture:0.5,behaviour:0.2. "
        "`behaviour` is what the same visitors want; the other parts are the text, image and vector features of the "
        "shop's schema. A part without a weight has weight 1."
    ),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRequest:
    """Asks, in the query of the address, for the k items that are most like one item."""

    k: K = 10
    by: By = "behaviour"


class SimilarItem(TypedDict, extra_items=Any):
    """One item of the answer; the card columns of the shop's schema stand beside these fields."""

    item_id: str
    rank: Annotated[int, Field(ge=1, description="1 is best.")]
    score: Annotated[float, Field(ge=-1, le=1, description="The mean of `parts`, weighted by `by`.")]
    title: str | None
    parts: Annotated[
        dict[str, float],
        Field(description="The cosine of every part that counted, -1 to 1; 0 where this item lacks the part."),
    ]


class SimilarResponse(AnswerHead):
    """The answer, most similar item first; never the item itself, nor one that was withdrawn."""

    item_id: Annotated[str, Field(description="The item that the others are like.")]
    by: Annotated[dict[str, float], Field(description="The parts that counted, with weights that add up to 1.")]
    missing: Annotated[
        list[str],
        Field(description="Parts that were asked for and that the item lacks; the others share their weight."),
    ]
    items: list[SimilarItem]

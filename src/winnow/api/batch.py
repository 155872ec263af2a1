"""`POST /v1/batch`: many recommendations in one call."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.errors import ErrorBody
from winnow.api.limits import MAX_BATCH, MAX_BATCH_ITEMS
from winnow.api.recommendations import RecommendationResponse

Entries = Annotated[
    list[Any],
    Field(
        min_length=1,
        max_length=MAX_BATCH,
        description="Each as the body of POST /v1/recommendations. What is wrong with one of them is told in its place "
        f"of the answer, and the others are answered. Together they may want {MAX_BATCH_ITEMS:,} items.",
    ),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """Asks for many lists at once."""

    requests: Entries


class BatchRefusal(TypedDict):
    """Instead of the answer to one of the requests."""

    error: ErrorBody


class BatchResponse(TypedDict):
    """One answer or refusal for each request, in their order.

    The request ids of the answers are that of the call, a dot and their place from 0. A single call by that name, at
    the same moment, gets the same answer.
    """

    request_id: Annotated[str, Field(description="Names this call in logs; also in the header X-Request-Id.")]
    answers: list[RecommendationResponse | BatchRefusal]

"""One request among those of a call, understood."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.api.recommendations import RecommendationRequest
from winnow.serving.errors import ApiError
from winnow.serving.inference.inference_inputs import of_request
from winnow.serving.routes.instants import instant
from winnow.serving.routes.recommendations_route import AHEAD_S, TIMESTAMP
from winnow.serving.routes.visitor_name import visitor_name


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRow:
    """What one caller asks.

    Attributes:
        name: of the request, unique.
        visitor: who asks; "" for nobody in particular.
        at: UTC seconds.
        asked: as parsed; of it, `k` and the context are read.
    """

    name: str
    visitor: str
    at: float
    asked: RecommendationRequest


def inference_rows(asked: Sequence[RecommendationRequest], request_id: str, now: float) -> list[InferenceRow]:
    """The requests of a call.

    Args:
        asked: at least one.
        request_id: the name of a single request; several have their numbers behind it, from `-0` on.
        now: UTC seconds.

    Raises:
        ApiError: a user and a session are named, or the timestamp is out of range.
    """
    names = [request_id] if len(asked) == 1 else [f"{request_id}-{place}" for place in range(len(asked))]
    return [_row(name, each, place, now) for place, (name, each) in enumerate(zip(names, asked, strict=True))]


def _row(name: str, asked: RecommendationRequest, place: int, now: float) -> InferenceRow:
    try:
        visitor = visitor_name(asked.user_id, asked.session_id)
        at = instant(asked.context.get(TIMESTAMP), TIMESTAMP, now, AHEAD_S)
    except ApiError as error:
        raise of_request(place, error) from error
    return InferenceRow(name=name, visitor=visitor, at=at, asked=asked)

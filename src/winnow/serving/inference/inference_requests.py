"""B requests of one call, as the pipeline takes them."""

from collections.abc import Sequence

import numpy as np

from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.pipeline.requests import NO_ROWS, Requests
from winnow.schema.column import Ragged
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.errors import ApiError
from winnow.serving.inference.inference_inputs import of_request
from winnow.serving.routes.instants import instant
from winnow.serving.routes.recommendations_route import AHEAD_S, TIMESTAMP
from winnow.serving.routes.visitor_name import visitor_name


def inference_requests(engine: Engine, rows: Sequence[RecommendationRequest], request_id: str, now: float) -> Requests:
    """What B callers ask: whose items, at which instant, in which context, and how many; nothing else is read.

    Args:
        engine: knows the context columns.
        rows: at least one.
        request_id: the name of a single request; several have their numbers behind it, from `-0` on.
        now: UTC seconds.

    Raises:
        ApiError: a user and a session are named, or the timestamp is out of range.
        RequestError: a context column holds a value of the wrong kind.
    """
    names = (request_id,) if len(rows) == 1 else tuple(f"{request_id}-{place}" for place in range(len(rows)))
    told = [_visitor_and_instant(asked, place, now) for place, asked in enumerate(rows)]
    return Requests(
        request_ids=names,
        user_ids=tuple(visitor for visitor, _ in told),
        at=np.array([at for _, at in told]),
        k=np.array([asked.k for asked in rows], np.int64),
        exclude=Ragged(NO_ROWS, np.zeros(len(rows) + 1, np.int64)),
        seeds=stable_hashes(names),
        context=engine.context_columns([asked.context for asked in rows]),
    )


def _visitor_and_instant(asked: RecommendationRequest, place: int, now: float) -> tuple[str, float]:
    try:
        visitor = visitor_name(asked.user_id, asked.session_id)
        return visitor, instant(asked.context.get(TIMESTAMP), TIMESTAMP, now, AHEAD_S)
    except ApiError as error:
        raise of_request(place, error) from error

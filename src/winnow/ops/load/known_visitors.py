"""Visitors whom a bundle knows, and what they ask."""

from collections.abc import Iterator, Sequence

import numpy as np
import orjson

from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.pipeline.requests import Requests
from winnow.schema.errors import RequestError
from winnow.schema.session_name import SESSION_PREFIX, is_session
from winnow.serving.routes.recommendations_route import one_request


def known_visitors(engine: Engine, most: int | None = None, seed: int = 0) -> tuple[str, ...]:
    """Outside names of those whose events training read, users and sessions, drawn without return; by default all.

    Raises:
        RequestError: the bundle holds none.
    """
    names = () if engine.users is None else tuple(filter(None, engine.users.past.user_ids))
    if not names:
        raise RequestError(
            f"The bundle {engine.name} holds no visitors who could ask; train it on data with events of users."
        )
    chosen = np.random.default_rng(seed).permutation(len(names))[:most]
    return tuple(names[place] for place in chosen.tolist())


def asked_by(visitor: str, k: int) -> str:
    """The body of their request for k items, as the client writes it."""
    user_id, session_id = told_as(visitor)
    return orjson.dumps(RecommendationRequest(user_id=user_id, session_id=session_id, k=k)).decode()


def requests_of(engine: Engine, visitors: Sequence[str], k: int, at: float) -> Iterator[Requests]:
    """The same requests as the pipeline takes them, one by one, at an instant in UTC seconds."""
    for number, visitor in enumerate(visitors):
        user_id, session_id = told_as(visitor)
        asked = RecommendationRequest(user_id=user_id, session_id=session_id, k=k)
        yield one_request(engine, asked, str(number), at)


def told_as(visitor: str) -> tuple[str | None, str | None]:
    """The user id and the session id that name a visitor to the service; one of them is None."""
    return (None, visitor.removeprefix(SESSION_PREFIX)) if is_session(visitor) else (visitor, None)

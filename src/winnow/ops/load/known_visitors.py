"""Visitors whom a bundle knows, and what they ask."""

import numpy as np
import orjson

from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.schema.errors import RequestError
from winnow.schema.session_name import SESSION_PREFIX, is_session


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
    return orjson.dumps(RecommendationRequest(**told_as(visitor), k=k)).decode()


def told_as(visitor: str) -> dict[str, str]:
    """The field that names a visitor to the service, with its value."""
    if is_session(visitor):
        return {"session_id": visitor.removeprefix(SESSION_PREFIX)}
    return {"user_id": visitor}

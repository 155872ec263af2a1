"""`/v1/users/{user_id}` and `/v1/sessions/{session_id}`: what is known of a visitor, moved, shown, reset, forgotten."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.forget_receipt import ForgetReceipt, ForgottenFeatures
from winnow.api.session_merge import SessionMerge
from winnow.api.state_reset import StateReset
from winnow.api.visitor_state import StateRequest
from winnow.engine.engine import Engine
from winnow.schema.session_name import session_name
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.event_log.merged_sessions import logged_merges, with_merged
from winnow.serving.routes.asked_types import asked_types
from winnow.serving.routes.query_values import read_query
from winnow.serving.routes.visitor_name import session_in_path, user_in_path
from winnow.serving.routes.visitor_state import visitor_state_of

WHICH_EVENTS = TypeAdapter(StateRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorsRoute:
    """Acts on all that is kept of one visitor; the very next request sees it.

    Ids come as they stand in the address, see `WrittenPath`. The work is done in threads: these calls are rare, a store
    may be far, and requests go on meanwhile.

    Attributes:
        live: of the service.
        events: folder of the event log; None where there is none.
    """

    live: LiveEngine
    events: Path | None = None

    async def merge(self, user_id: str, session_id: str) -> Response:
        """A visitor has logged in: what the session did is the user's from now on, and the session is empty."""
        user, session = user_in_path(user_id), session_in_path(session_id)
        moved = await run_in_threadpool(self.live.current.state.merge, session_name(session), user)
        answer: SessionMerge = {"user_id": user, "session_id": session, "events": moved}
        return json_response(answer)

    async def user_state(self, request: Request, user_id: str) -> Response:
        """What is known of a user."""
        return await self._state(request, user_in_path(user_id))

    async def session_state(self, request: Request, session_id: str) -> Response:
        """What is known of a session."""
        return await self._state(request, session_name(session_in_path(session_id)))

    async def reset(self, user_id: str) -> Response:
        """Delete what a user did since the training; what the bundle was trained on goes on to count."""
        return json_response(await run_in_threadpool(_reset, self.live.current, user_in_path(user_id)))

    async def forget(self, user_id: str) -> Response:
        """Delete what a user did, and read nothing more of what the bundle was trained on."""
        return json_response(await run_in_threadpool(_forget, self.live.current, self.events, user_in_path(user_id)))

    async def _state(self, request: Request, name: str) -> Response:
        types = asked_types(read_query(request, WHICH_EVENTS).types)
        return json_response(await run_in_threadpool(visitor_state_of, self.live.current, name, types, now=time.time()))


def _reset(engine: Engine, user_id: str) -> StateReset:
    return {"user_id": user_id, "events": engine.state.reset(user_id), "past_events": _open_past(engine, user_id)}


def _forget(engine: Engine, log: Path | None, user_id: str) -> ForgetReceipt:
    past = _open_past(engine, user_id)
    # At once, nobody reads anything more. The log goes last: it knows which sessions were the user's.
    deleted = engine.state.forget(user_id)
    features = _forgotten_features(engine, log, user_id)
    knows = engine.users is not None and engine.users.knows(user_id)
    return {
        "user_id": user_id,
        # Two who forget the same user at once may both have found the past open.
        "events": max(0, deleted - past),
        "past_events": past,
        "log_rows": None if log is None else forget_logged(log, {user_id: time.time()})[0],
        "features": features,
        "still_in": engine.name if knows else None,
    }


def _forgotten_features(engine: Engine, log: Path | None, user_id: str) -> ForgottenFeatures | None:
    if engine.outside is None:
        return None
    online, offline = engine.outside.forget(with_merged({user_id: np.inf}, [] if log is None else logged_merges(log)))
    return {"online": online, "offline": offline}


def _open_past(engine: Engine, user_id: str) -> int:
    """How many events that training read count for the user."""
    if engine.users is None or engine.state.read([user_id], np.array([np.inf])).forgotten[0]:
        return 0
    return engine.users.events(user_id)

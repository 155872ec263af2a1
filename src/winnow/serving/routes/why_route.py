"""`GET /v1/why`."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.recommendations import RecommendationRequest
from winnow.api.why import RankingSaid, SourceSaid, WhyRequest, WhyResponse
from winnow.engine.engine import Engine
from winnow.pipeline.explanation import Explanation, Place, Proposal
from winnow.pipeline.filters import SEEN_FILTER
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.routes.budget import Budget
from winnow.serving.routes.json_body import described, invalid, validated
from winnow.serving.routes.known_item import absent
from winnow.serving.routes.moved_by import moved_by
from winnow.serving.routes.query_values import read_query
from winnow.serving.routes.recommendations_route import ASKED, one_request
from winnow.serving.routes.told_trace import told_trace
from winnow.serving.routes.visitor_name import visitor_name
from winnow.serving.routes.why_sentence import why_sentence

WHY = TypeAdapter(WhyRequest)
REST = ("context", "exclude", "filters", "allow", "diversity", "explore", "budget_ms")
"""What `asked` may hold: all of a recommendation that is no parameter by itself, but pages and traces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRoute:
    """Runs the pipeline as a recommendation does, and follows one item through it."""

    live: LiveEngine
    budget: Budget = field(default_factory=Budget)

    async def get(self, request: Request) -> Response:
        """Why an item is or is not in a recommendation: where its way ended, with ranks, scores and filters."""
        asked = read_query(request, WHY)
        # In a thread: sources are asked for all that they know, which grows with the catalogue.
        request_id = request.state.request_id
        visitor = visitor_name(asked.user_id, asked.session_id)
        engine = self.live.lineup.engine_for(visitor or asked.request_id or request_id)
        recommendation = _recommendation(asked)
        deadline = self.budget.deadline(request, recommendation.budget_ms)

        def ask() -> WhyResponse:
            return why_of(engine, asked, request_id, now=time.time(), deadline=deadline)

        return json_response(await run_in_threadpool(ask))


def why_of(
    engine: Engine, asked: WhyRequest, request_id: str, *, now: float, deadline: float | None = None
) -> WhyResponse:
    """The answer, ready for JSON, with what could be found out until a deadline.

    Raises:
        ApiError: 404 when no item ever had the id; 422 when `asked` is not the rest of a recommendation.
        RequestError: as `one_request` does.
    """
    row = engine.catalogue.row(asked.item_id)
    if row < 0:
        raise absent(asked.item_id)
    requests = one_request(engine, _recommendation(asked), asked.request_id or request_id, now)
    requests = replace(requests, deadline=deadline)
    found = Explanation.of(engine.pipeline, requests, row)
    place = found.ranked
    answer: WhyResponse = {
        "request_id": request_id,
        "bundle": engine.name,
        "degraded": list(found.answer.trace.degraded),
        "item_id": asked.item_id,
        "title": engine.catalogue.cards[row].get("title"),
        "in_answer": found.rank is not None,
        "rank": found.rank,
        "stage": _stage(found),
        "sentence": "",
        "seen": SEEN_FILTER in found.removed_by,
        "sources": [_source(each) for each in found.proposals],
        "removed_by": list(found.removed_by),
        "filled": found.filled,
        "ranking": None if place is None else _ranking(place),
        "reranking": None
        if place is None
        else {"place": place.place, "rank": found.rank, "moved_by": moved_by(engine, found, row, asked.k)},
        "trace": told_trace(found.answer.trace),
    }
    return {**answer, "sentence": why_sentence(answer, asked.k)}


def _recommendation(asked: WhyRequest) -> RecommendationRequest:
    own = {"user_id": asked.user_id, "session_id": asked.session_id, "k": asked.k}
    return validated({**_rest(asked.asked), **own}, ASKED)


def _rest(text: str) -> Mapping[str, Any]:
    try:
        rest = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise invalid("asked", f"'asked' is {described(text)}, which is not JSON: {error.msg}.") from error
    if not isinstance(rest, dict):
        raise invalid("asked", f"'asked' is {described(rest)}; it should be a JSON object.")
    if unknown := [name for name in rest if name not in REST]:
        raise invalid("asked", f"'asked' holds '{unknown[0][:60]}'; it takes: {', '.join(REST)}.")
    return rest


def _stage(found: Explanation) -> str:
    if found.rank is not None:
        return "answer"
    if found.ranked is not None:
        return "select"
    return found.removed_by[0] if found.removed_by else "retrieve"


def _source(said: Proposal) -> SourceSaid:
    return {
        "source": said.source,
        "proposed": said.proposed,
        "quota": said.quota,
        "rank": said.rank,
        "score": _finite(said.score),
        "last_score": _finite(said.last_score),
        "asked": said.asked,
    }


def _ranking(place: Place) -> RankingSaid:
    return {
        "place": place.place,
        "of": place.of,
        "score": _finite(place.score),
        "kth_score": _finite(place.kth_score),
        "scores": {name: _finite(score) for name, score in place.scores.items()},
    }


def _finite(score: float | None) -> float | None:
    return score if score is not None and math.isfinite(score) else None

"""`POST /v1/score`."""

import time
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.recommendations import RecommendationRequest
from winnow.api.score import ScoredItem, ScoreRequest, ScoreResponse
from winnow.engine.engine import Engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.judged import Judged
from winnow.pipeline.picking import ranked
from winnow.schema.column import one_row
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.run_trace import RunTrace
from winnow.serving.routes.answered_item import answered_item
from winnow.serving.routes.budget import Budget
from winnow.serving.routes.json_body import read_json
from winnow.serving.routes.recommendations_route import one_request
from winnow.serving.routes.visitor_name import visitor_name

SCORED = TypeAdapter(ScoreRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRoute:
    """Ranks the items that the caller names, beside those that a recommendation would choose from."""

    live: LiveEngine
    metrics: Metrics
    budget: Budget = field(default_factory=Budget)

    async def post(self, request: Request) -> Response:
        """Score items for a visitor; nothing is filtered."""
        asked = await read_json(request, SCORED)
        # In a thread: up to a thousand items are ranked besides the candidates, and requests go on meanwhile.
        request_id = request.state.request_id
        engine = self.live.lineup.engine_for(visitor_name(asked.user_id, asked.session_id) or request_id)
        deadline = self.budget.deadline(request, asked.budget_ms)
        judged, answer = await run_in_threadpool(
            score_of, engine, asked, request_id, now=time.time(), deadline=deadline
        )
        self.metrics.trace(judged.trace)
        request.state.runs = [RunTrace.of(engine, judged.trace)]
        return json_response(answer)


def score_of(
    engine: Engine, asked: ScoreRequest, request_id: str, *, now: float, deadline: float | None = None
) -> tuple[Judged, ScoreResponse]:
    """How the items were judged until a deadline, and that as an answer, ready for JSON.

    Raises:
        ApiError, RequestError: as `one_request` does.
    """
    # Repeated in their own order, so that equals are told apart in the same way each time.
    names = list(dict.fromkeys(asked.items))
    rows = engine.catalogue.rows(names)
    known = rows[rows >= 0]
    requests = replace(one_request(engine, _recommendation(asked), request_id, now), deadline=deadline)
    judged = engine.pipeline.judge(requests, Candidates(item_rows=known, offsets=one_row(len(known))))
    return judged, {
        "request_id": request_id,
        "bundle": engine.name,
        "degraded": list(judged.trace.degraded),
        "items": _items(engine, judged),
        "unknown": [name for name, row in zip(names, rows.tolist(), strict=True) if row < 0],
    }


def _recommendation(asked: ScoreRequest) -> RecommendationRequest:
    return RecommendationRequest(
        user_id=asked.user_id,
        session_id=asked.session_id,
        context=asked.context,
        k=asked.k,
        exclude=asked.exclude,
        filters=asked.filters,
        allow=asked.allow,
    )


def _items(engine: Engine, judged: Judged) -> list[ScoredItem]:
    items = judged.items
    scores = items.array("score")
    order = ranked(items.with_columns({"seen": np.zeros(len(items), bool)}), scores).tolist()
    answered = (_item(engine, judged, rank, place) for rank, place in enumerate(order, 1))
    return [cast("ScoredItem", each) for each in answered]


def _item(engine: Engine, judged: Judged, rank: int, place: int) -> dict[str, object]:
    row, score = int(judged.items.item_rows[place]), float(judged.items.array("score")[place])
    removing = [name for name, removed in judged.removed_by.items() if removed[place]]
    more = {
        "seen": SEEN_FILTER in removing,
        "allowed": bool(engine.catalogue.allowed[row]),
        "removed_by": removing,
        "proposed_by": [name for name, proposed in judged.proposed_by.items() if proposed[place]],
    }
    return answered_item(engine.catalogue, rank, row, score, more)

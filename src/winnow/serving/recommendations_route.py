"""`POST /v1/recommendations`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter

from winnow.api.recommendations import RecommendationRequest, RecommendationResponse, RecommendedItem
from winnow.engine.engine import Engine
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.requests import Requests
from winnow.pipeline.wanted_items import wanted_items
from winnow.schema.column import Bools, Ragged, offsets_of
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.answered_item import answered_item
from winnow.serving.errors import json_response
from winnow.serving.instants import instant
from winnow.serving.json_body import invalid, read_json
from winnow.serving.live_engine import LiveEngine
from winnow.serving.metrics import Metrics

ASKED = TypeAdapter(RecommendationRequest)
TIMESTAMP = "timestamp"
AHEAD_S = 366 * 86_400.0
"""A caller may ask what would be recommended at an instant up to a year from now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationsRoute:
    """Answers one request with one run of the pipeline."""

    live: LiveEngine
    metrics: Metrics

    async def post(self, request: Request) -> Response:
        """Recommend items to a user."""
        asked = await read_json(request, ASKED)
        engine = self.live.current  # once: the items may change meanwhile
        requests = one_request(engine, asked, request.state.request_id, time.time())
        # In the event loop itself: a run is one or two milliseconds of pure computation, with its state in memory.
        # A thread would add a hop of a tenth of that, and two runs at once would only fight for the same cores.
        answer = engine.pipeline(requests)
        self.metrics.trace(answer.trace)
        return json_response(response_of(engine, answer))


def one_request(engine: Engine, asked: RecommendationRequest, request_id: str, now: float) -> Requests:
    """What one caller asks, as the pipeline takes it.

    Args:
        engine: knows the items and the context columns.
        asked: the parsed body; excluded items that are unknown are left out.
        request_id: also the seed, so that the same name gives the same draw.
        now: UTC seconds.

    Raises:
        ApiError: the context's timestamp is out of range, or the context holds a name that the bundle does not know.
        RequestError: a context column holds a value of the wrong kind, or items cannot be filtered so.
    """
    context = dict(asked.context)
    at = instant(context.pop(TIMESTAMP, None), f"context.{TIMESTAMP}", now, AHEAD_S)
    _check_names(engine, context)
    rows = engine.catalogue.rows(asked.exclude)
    rows = rows[rows >= 0]
    return Requests(
        request_ids=(request_id,),
        user_ids=(asked.user_id or "",),
        at=np.array([at]),
        k=np.array([asked.k], np.int64),
        exclude=Ragged(rows, offsets_of(np.array([len(rows)]))),
        seeds=stable_hashes([request_id]),
        filters=_filters(engine, asked),
        context=engine.context_columns([context]),
    )


def _filters(engine: Engine, asked: RecommendationRequest) -> tuple[Bools, ...]:
    if not asked.filters and asked.allow is None:
        return ()
    return (wanted_items(engine.catalogue, asked.filters, asked.allow),)


def _check_names(engine: Engine, context: Mapping[str, object]) -> None:
    known = engine.context_names
    for name in context:
        if name not in known:
            field = f"context.{name[:60]}"
            takes = ", ".join([*known, f"{TIMESTAMP} (the instant of asking)"])
            raise invalid(field, f"'{field}' is not known to the bundle that answers; its context takes: {takes}.")


def response_of(engine: Engine, answer: Recommendations) -> RecommendationResponse:
    """The answer to a single request, ready for JSON."""
    ranked = zip(answer.item_rows.tolist(), answer.scores.tolist(), answer.seen.tolist(), strict=True)
    return {
        "request_id": answer.request_ids[0],
        "bundle": engine.name,
        "degraded": list(answer.trace.degraded),
        "items": [_item(engine.catalogue, rank, *each) for rank, each in enumerate(ranked, 1)],
    }


def _item(catalogue: Catalogue, rank: int, row: int, score: float, seen: bool) -> RecommendedItem:
    return cast("RecommendedItem", answered_item(catalogue, rank, row, score, {"seen": seen}))

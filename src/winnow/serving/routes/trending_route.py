"""`GET /v1/trending`."""

import time
from dataclasses import dataclass
from typing import cast

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.trending import TrendingItem, TrendingRequest, TrendingResponse
from winnow.engine.engine import Engine
from winnow.engine.trending import Trending
from winnow.pipeline.catalogue import Catalogue
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import ApiError, json_response
from winnow.serving.routes.answered_item import answered_item
from winnow.serving.routes.json_body import described
from winnow.serving.routes.query_values import read_query

TRENDING = TypeAdapter(TrendingRequest)
DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendingRoute:
    """Answers from counts alone: no user, no pipeline."""

    live: LiveEngine

    async def get(self, request: Request) -> Response:
        """The items that are most in demand now, in the whole shop or in one category."""
        asked = read_query(request, TRENDING)
        # In a thread: the work grows with the catalogue, and requests go on meanwhile.
        answer = await run_in_threadpool(
            trending_of, self.live.current, asked, request.state.request_id, now=time.time()
        )
        return json_response(answer)


def trending_of(engine: Engine, asked: TrendingRequest, request_id: str, *, now: float) -> TrendingResponse:
    """The answer, ready for JSON.

    Raises:
        ApiError: 404 when no item that may be shown is of the category.
        RequestError: the engine counts nothing.
    """
    among = engine.catalogue.allowed
    if asked.category:
        among = among & engine.categories.having(engine.catalogue.codes, asked.category)
        if not among.any():
            raise ApiError(404, "no_such_category", _nobody(asked.category), "category")
    found = engine.trending(now, asked.k, among)
    return {
        "request_id": request_id,
        "bundle": engine.name,
        "category": asked.category,
        "items": _items(engine.catalogue, found),
    }


def _nobody(category: str) -> str:
    return f"No item that may be shown has {described(category)} in any feature that is a category."


def _items(catalogue: Catalogue, found: Trending) -> list[TrendingItem]:
    scores = np.round(found.scores.astype(np.float64), DECIMALS).tolist()
    places = enumerate(zip(found.item_rows.tolist(), scores, strict=True), 1)
    return [cast("TrendingItem", answered_item(catalogue, rank, row, score, {})) for rank, (row, score) in places]

"""`POST /v1/batch`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.batch import BatchRefusal, BatchRequest, BatchResponse
from winnow.api.limits import MAX_BATCH_ITEMS
from winnow.api.recommendations import RecommendationRequest, RecommendationResponse
from winnow.engine.engine import Engine
from winnow.pipeline.joined_requests import joined_requests
from winnow.pipeline.recommendations import Recommendations
from winnow.schema.errors import RequestError
from winnow.serving.asked_list import AskedList
from winnow.serving.errors import error_body, json_response
from winnow.serving.json_body import invalid, read_json, validated
from winnow.serving.recommendations_route import ASKED, RecommendationsRoute

BATCH = TypeAdapter(BatchRequest)
SLICE = 8
"""Requests that one run of the pipeline answers; what it holds in memory grows with them."""

Answer = RecommendationResponse | BatchRefusal
Entry = tuple[str, RecommendationRequest | BatchRefusal]
"""What the answer will be called, and what was asked."""
Understood = AskedList | BatchRefusal
Many = Recommendations | None
"""The answers to what was understood of a slice; None where nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoute:
    """Answers many requests as the route of single ones would, some at a time, in threads, by one engine.

    Attributes:
        recommendations: the route of single requests.
    """

    recommendations: RecommendationsRoute

    async def post(self, request: Request) -> Response:
        """Recommend items to many visitors; what is wrong with one request is told in its place."""
        asked = await read_json(request, BATCH)
        engine, now = self.recommendations.live.current, time.time()  # once, for all of them
        request_id = request.state.request_id
        entries = [(f"{request_id}.{place}", _parsed(value)) for place, value in enumerate(asked.requests)]
        _check_sum([each.k for _, each in entries if isinstance(each, RecommendationRequest)])
        answers: list[Answer] = []
        for start in range(0, len(entries), SLICE):
            some = entries[start : start + SLICE]
            answers += self._told(engine, *await run_in_threadpool(self._answered, engine, some, now), now)
        answer: BatchResponse = {"request_id": request_id, "answers": answers}
        return json_response(answer)

    def _answered(self, engine: Engine, entries: Sequence[Entry], now: float) -> tuple[list[Understood], Many]:
        understood = [self._understood(engine, *each, now) for each in entries]
        good = [each.requests for each in understood if isinstance(each, AskedList)]
        return understood, engine.pipeline(joined_requests(good)) if good else None

    def _told(self, engine: Engine, understood: Sequence[Understood], many: Many, now: float) -> list[Answer]:
        if many is None:
            return [each for each in understood if not isinstance(each, AskedList)]
        self.recommendations.metrics.answered(engine, many)
        answers = (many.alone(place) for place in range(len(many.request_ids)))
        return [
            self.recommendations.told(engine, each, next(answers), now) if isinstance(each, AskedList) else each
            for each in understood
        ]

    def _understood(
        self, engine: Engine, request_id: str, asked: RecommendationRequest | BatchRefusal, now: float
    ) -> Understood:
        if not isinstance(asked, RecommendationRequest):
            return asked
        try:
            return self.recommendations.understood(engine, asked, request_id, now)
        except RequestError as error:
            return {"error": error_body(error)}


def _parsed(value: object) -> RecommendationRequest | BatchRefusal:
    try:
        return validated(value, ASKED)
    except RequestError as error:
        return {"error": error_body(error)}


def _check_sum(wanted: Sequence[int]) -> None:
    if sum(wanted) > MAX_BATCH_ITEMS:
        raise invalid(
            "requests",
            f"The requests want {sum(wanted):,} items together; a batch takes {MAX_BATCH_ITEMS:,}. Send it in several "
            "calls, or with a smaller 'k'.",
        )

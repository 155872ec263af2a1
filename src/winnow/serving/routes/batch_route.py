"""`POST /v1/batch`."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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
from winnow.serving.engines.lineup import Lineup
from winnow.serving.engines.seat import Seat
from winnow.serving.errors import error_body, json_response
from winnow.serving.meters.run_trace import RunTrace
from winnow.serving.routes.asked_list import AskedList
from winnow.serving.routes.json_body import invalid, read_json, validated
from winnow.serving.routes.recommendations_route import ASKED, RecommendationsRoute
from winnow.serving.routes.slices import slices
from winnow.serving.routes.visitor_name import visitor_name

BATCH = TypeAdapter(BatchRequest)

Answer = RecommendationResponse | BatchRefusal
Entry = tuple[str, RecommendationRequest | BatchRefusal]
"""What the answer will be called, and what was asked."""
Understood = tuple[Engine, AskedList] | BatchRefusal


class _Run(NamedTuple):
    """What one engine was asked of a slice, and its answer to all of it."""

    engine: Engine
    lists: Sequence[AskedList]
    answer: Recommendations
    trace: RunTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoute:
    """Answers many requests as the route of single ones would, some at a time, in threads, by one lineup.

    Attributes:
        recommendations: the route of single requests.
    """

    recommendations: RecommendationsRoute

    async def post(self, request: Request) -> Response:
        """Recommend items to many visitors; what is wrong with one request is told in its place."""
        asked = await read_json(request, BATCH)
        lineup, now = self.recommendations.live.lineup, time.time()  # once, for all of them
        request_id = request.state.request_id
        entries = [(f"{request_id}.{place}", _parsed(value)) for place, value in enumerate(asked.requests)]
        _check_sum([each.k for _, each in entries if isinstance(each, RecommendationRequest)])
        deadlines = self.recommendations.budget.deadlines(request, [_budget_ms(each) for _, each in entries])
        answers: list[Answer] = []
        shadowed: list[_Run] = []
        request.state.runs = []
        for some in slices(len(entries)):
            # What runs together has the time of all of it.
            answered = run_in_threadpool(self._answered, lineup, entries[some], now, deadlines[some][-1])
            understood, runs = await answered
            answers += self._told(understood, runs, now)
            request.state.runs += [run.trace for run in runs]
            if lineup.shadow is not None:
                shadowed += runs
        if lineup.shadow is not None:
            # Once all of the answer is on its way: a candidate computes on the same cores.
            asyncio.get_running_loop().call_soon(self._tell_shadow, lineup.shadow, shadowed, now)
        answer: BatchResponse = {"request_id": request_id, "answers": answers}
        return json_response(answer)

    def _answered(
        self, lineup: Lineup, entries: Sequence[Entry], now: float, deadline: float | None
    ) -> tuple[list[Understood], list[_Run]]:
        understood = [self._understood(lineup, *each, now) for each in entries]
        by_engine: dict[str, tuple[Engine, list[AskedList]]] = {}
        for each in understood:
            if isinstance(each, tuple):
                by_engine.setdefault(each[0].digest, (each[0], []))[1].append(each[1])
        return understood, [_run(*each, deadline) for each in by_engine.values()]

    def _told(self, understood: Sequence[Understood], runs: Sequence[_Run], now: float) -> list[Answer]:
        for run in runs:
            self.recommendations.metrics.answered(run.engine, run.answer)
        alone = {run.engine.digest: map(run.answer.alone, range(len(run.lists))) for run in runs}
        return [
            self.recommendations.told(*each, next(alone[each[0].digest]), now) if isinstance(each, tuple) else each
            for each in understood
        ]

    def _tell_shadow(self, candidate: Seat, runs: Sequence[_Run], now: float) -> None:
        for run in runs:
            self.recommendations.tell_shadow(candidate, run.engine, run.lists, run.answer, now)

    def _understood(
        self, lineup: Lineup, request_id: str, asked: RecommendationRequest | BatchRefusal, now: float
    ) -> Understood:
        if not isinstance(asked, RecommendationRequest):
            return asked
        try:
            engine = lineup.engine_for(visitor_name(asked.user_id, asked.session_id) or request_id)
            return engine, self.recommendations.understood(engine, asked, request_id, now)
        except RequestError as error:
            return {"error": error_body(error)}


def _run(engine: Engine, lists: Sequence[AskedList], deadline: float | None) -> _Run:
    joined = replace(joined_requests([each.requests for each in lists]), deadline=deadline)
    answer = engine.pipeline(joined)
    return _Run(engine, lists, answer, RunTrace.of(engine, answer.trace))


def _parsed(value: object) -> RecommendationRequest | BatchRefusal:
    try:
        return validated(value, ASKED)
    except RequestError as error:
        return {"error": error_body(error)}


def _budget_ms(asked: RecommendationRequest | BatchRefusal) -> float | None:
    return asked.budget_ms if isinstance(asked, RecommendationRequest) else 0.0


def _check_sum(wanted: Sequence[int]) -> None:
    if sum(wanted) > MAX_BATCH_ITEMS:
        raise invalid(
            "requests",
            f"The requests want {sum(wanted):,} items together; a batch takes {MAX_BATCH_ITEMS:,}. Send it in several "
            "calls, or with a smaller 'k'.",
        )

"""`POST /v1/recommendations`."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter

from winnow.api.recommendations import RecommendationRequest, RecommendationResponse, RecommendedItem
from winnow.engine.engine import Engine
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.joined_requests import joined_requests
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.requests import Requests
from winnow.pipeline.wanted_items import wanted_items
from winnow.schema.column import Array, Bools, Ragged, one_row
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.seat import Seat
from winnow.serving.engines.shadow import Shadow
from winnow.serving.engines.shadowed import Shadowed
from winnow.serving.errors import json_response
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_log import ServedLog
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.run_trace import RunTrace
from winnow.serving.routes.answered_item import answered_item
from winnow.serving.routes.asked_list import AskedList
from winnow.serving.routes.budget import Budget
from winnow.serving.routes.cursor import Cursor
from winnow.serving.routes.cursors import Cursors
from winnow.serving.routes.instants import instant
from winnow.serving.routes.item_ways import item_ways
from winnow.serving.routes.json_body import invalid, read_json
from winnow.serving.routes.told_trace import told_trace
from winnow.serving.routes.visitor_name import visitor_name

ASKED = TypeAdapter(RecommendationRequest)
TIMESTAMP = "timestamp"
AHEAD_S = 366 * 86_400.0
"""A caller may ask what would be recommended at an instant up to a year from now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationsRoute:
    """Answers one request with one run of the pipeline.

    Attributes:
        live, metrics, cursors: of the service.
        served: told of every answer; None where there is no event log.
        shadow: told of every answer while a candidate is asked beside the bundle that answers.
        budget: of time.
    """

    live: LiveEngine
    metrics: Metrics
    cursors: Cursors
    shadow: Shadow
    served: ServedLog | None = None
    budget: Budget = field(default_factory=Budget)

    async def post(self, request: Request) -> Response:
        """Recommend items to a visitor."""
        asked = await read_json(request, ASKED)
        request_id, now = request.state.request_id, time.time()
        visitor = visitor_name(asked.user_id, asked.session_id)
        lineup = self.live.lineup  # once: items and bundles may change meanwhile
        engine = lineup.engine_for(visitor or request_id)
        listed = self.understood(engine, asked, request_id, now)
        # In the event loop itself: a run is one or two milliseconds of pure computation, with its state in memory.
        # A thread would add a hop of a tenth of that, and two runs at once would only fight for the same cores.
        deadline = self.budget.deadline(request, asked.budget_ms)
        answer = engine.pipeline(replace(listed.requests, deadline=deadline), details=asked.trace)
        request.state.runs, request.state.visitor = [RunTrace.of(engine, answer.trace)], visitor
        # Counted once the answer is on its way, and before whatever comes next.
        asyncio.get_running_loop().call_soon(self.metrics.answered, engine, answer)
        if lineup.shadow is not None:
            self.tell_shadow(lineup.shadow, engine, [listed], answer, now)
        told = self.told(engine, listed, answer, now)
        if asked.trace:
            for item, way in zip(told["items"], item_ways(engine, answer), strict=True):
                item["way"] = way
        return json_response(told)

    def understood(self, engine: Engine, asked: RecommendationRequest, request_id: str, now: float) -> AskedList:
        """One request, ready for the pipeline.

        Raises:
            ApiError, RequestError: as `one_request` does, or the cursor is refused.
        """
        earlier = Cursor.start(request_id)
        if asked.cursor is not None:
            earlier = self.cursors.read(asked.cursor, visitor_name(asked.user_id, asked.session_id), now)
        requests = one_request(engine, asked, request_id, now, earlier)
        return AskedList(asked=asked, earlier=earlier, requests=requests)

    def tell_shadow(
        self, candidate: Seat, engine: Engine, lists: Sequence[AskedList], answer: Recommendations, now: float
    ) -> None:
        """Has a candidate asked what an engine has answered in one run; nobody waits for it."""

        def ask(other: Engine) -> Recommendations:
            parts = [one_request(other, each.asked, each.request_id, now, each.earlier) for each in lists]
            return other.pipeline(joined_requests(parts))

        self.shadow.tell(Shadowed(candidate=candidate, engine=engine, answer=answer, ask=ask))

    def told(self, engine: Engine, listed: AskedList, answer: Recommendations, now: float) -> RecommendationResponse:
        """The answer to the request alone, ready for JSON, after it was given to the log of served lists."""
        if self.served is not None:
            self.served.tell(ServedList.of(engine, answer, listed.asked, listed.earlier.pages, now))
        cursor = None
        if 0 < listed.asked.k <= len(answer.item_rows):
            after = listed.earlier.after(engine.catalogue.hashes[answer.item_rows])
            cursor = self.cursors.written(after, listed.visitor, now)
        response = response_of(engine, answer, cursor)
        if listed.asked.trace:
            response["trace"] = told_trace(engine.pipeline, answer.trace)
        return response


def one_request(
    engine: Engine, asked: RecommendationRequest, request_id: str, now: float, earlier: Cursor | None = None
) -> Requests:
    """What one caller asks, as the pipeline takes it.

    Args:
        engine: knows the items and the context columns.
        asked: the parsed body; excluded items that are unknown are left out.
        request_id: also the seed of a first page, so that the same name gives the same draw.
        now: UTC seconds.
        earlier: the pages before, as the cursor of `asked` told of them; None for a first page.

    Raises:
        ApiError: a user and a session are named; or the context's timestamp is out of range, or the context holds a
            name that the bundle does not know; or diversity or explore are not within the limits of the recipe.
        RequestError: a context column holds a value of the wrong kind, or items cannot be filtered so.
    """
    context = dict(asked.context)
    at = instant(context.pop(TIMESTAMP, None), f"context.{TIMESTAMP}", now, AHEAD_S)
    _check_names(engine, context)
    earlier = earlier or Cursor.start(request_id)
    rows, shown = engine.catalogue.rows(asked.exclude), None
    if earlier.pages:
        shown = engine.catalogue.rows_of_hashes(earlier.shown)
        rows = np.concatenate([rows, shown])
    return Requests(
        request_ids=(request_id,),
        user_ids=(visitor_name(asked.user_id, asked.session_id),),
        at=np.array([at]),
        k=np.array([asked.k], np.int64),
        exclude=_of_one(rows[rows >= 0]),
        seeds=earlier.page_seed,
        filters=_filters(engine, asked),
        shown=None if shown is None else _of_one(shown),
        diversity=None if asked.diversity is None else _diversity(engine, asked.diversity),
        explore=None if asked.explore is None else _explore(engine, asked.explore),
        context=engine.context_columns([context]),
    )


def _of_one(rows: Array) -> Ragged:
    return Ragged(rows, one_row(len(rows)))


def _diversity(engine: Engine, asked: float) -> Array:
    remedy = 'orders items without regard to diversity; leave it out, or train with "mmr" or "dpp" as `select`.'
    return _within(engine, "diversity", asked, engine.diversity_limits, remedy)


def _explore(engine: Engine, asked: float) -> Array:
    remedy = 'leaves nothing to chance; leave it out, or train with "sample" as `select`.'
    return _within(engine, "explore", asked, engine.explore_limits, remedy)


def _within(engine: Engine, name: str, asked: float, limits: tuple[float, float] | None, remedy: str) -> Array:
    # Refused and not passed over: who asks for diversity in vain would look for the fault in the items.
    if limits is None:
        raise invalid(name, f"'{name}' is {asked}, and the recipe of the bundle {engine.name} {remedy}")
    least, most = limits
    if not least <= asked <= most:
        raise invalid(name, f"'{name}' is {asked}; the recipe of the bundle {engine.name} takes {least} to {most}.")
    return np.array([asked])


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


def response_of(engine: Engine, answer: Recommendations, cursor: str | None = None) -> RecommendationResponse:
    """The answer to a single request, ready for JSON, with the cursor for the next page if there may be one."""
    ranked = zip(answer.item_rows.tolist(), answer.scores.tolist(), answer.seen.tolist(), strict=True)
    return {
        "request_id": answer.request_ids[0],
        "bundle": engine.name,
        "degraded": list(answer.trace.degraded),
        "items": [_item(engine.catalogue, rank, *each) for rank, each in enumerate(ranked, 1)],
        "cursor": cursor,
    }


def _item(catalogue: Catalogue, rank: int, row: int, score: float, seen: bool) -> RecommendedItem:
    return cast("RecommendedItem", answered_item(catalogue, rank, row, score, {"seen": seen}))

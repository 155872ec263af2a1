"""`POST /v1/events`."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request, Response
from pydantic import TypeAdapter

from winnow.api.events import EventsRequest, EventsResponse, VisitorEvent
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.meters.metrics import Metrics
from winnow.serving.routes.instants import instant
from winnow.serving.routes.json_body import described, invalid, read_json
from winnow.serving.routes.visitor_name import named_visitor
from winnow.stores.event import Event

REPORTED = TypeAdapter(EventsRequest)
CLOCK_SKEW_S = 3600.0
"""How far a caller's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRoute:
    """Stores events; the very next request of their visitors sees them."""

    live: LiveEngine
    metrics: Metrics

    async def post(self, request: Request) -> Response:
        """Report what visitors did."""
        reported = await read_json(request, REPORTED)
        lineup = self.live.lineup
        events = checked_events(lineup.knows, reported, time.time())
        accepted = lineup.serving.engine.state.append(events)
        response: EventsResponse = {"accepted": accepted, "duplicates": len(events) - accepted}
        self.metrics.events(**response)
        self.metrics.reported(events)
        return json_response(response)


def checked_events(knows: Callable[[str], bool], reported: EventsRequest, now: float) -> list[Event]:
    """The events to store; nothing is stored before all of them are checked.

    An event from up to an hour ahead comes from a clock that is ahead: it is taken as happening now, or else the next
    request of its visitor would not see it.

    Args:
        knows: whether there is an item of an id.
        reported: the parsed body.
        now: UTC seconds.

    Raises:
        ApiError: 422 for an event that names no visitor or two, an unknown item, or an instant out of range; names the
            event.
    """
    return [_checked(knows, event, f"events[{number}]", now) for number, event in enumerate(reported.events)]


def _checked(knows: Callable[[str], bool], event: VisitorEvent, place: str, now: float) -> Event:
    name = named_visitor(event.user_id, event.session_id, f"{place}.")
    if not knows(event.item_id):
        field = f"{place}.item_id"
        raise invalid(field, f"'{field}' is {described(event.item_id)}; the catalogue has no such item.")
    at = instant(event.timestamp, f"{place}.timestamp", now, CLOCK_SKEW_S)
    return Event(
        event_id=event.event_id,
        user_id=name,
        item_id=event.item_id,
        type=event.type,
        at=min(at, now),
        request_id=event.request_id,
    )

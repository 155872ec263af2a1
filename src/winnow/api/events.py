"""`POST /v1/events`: what visitors did."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import uuid4

from pydantic import ConfigDict, Field, Strict, with_config
from typing_extensions import TypedDict

from winnow.api.limits import MAX_EVENTS, MAX_ID_CHARS
from winnow.schema.schema import EventType

Name = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS)]


def new_event_id() -> str:
    """A fresh unique name, 32 hexadecimal digits."""
    return uuid4().hex


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorEvent:
    """One thing that a visitor did, who is named by exactly one of user_id and session_id."""

    user_id: Annotated[Name | None, Field(description="Who did it. This, or session_id.")] = None
    session_id: Annotated[
        Name | None,
        Field(
            description="The visit in which it was done, by a visitor who has not logged in. When they do, "
            "PUT /v1/users/{user_id}/sessions/{session_id} gives the user what the session did."
        ),
    ] = None
    item_id: Annotated[Name, Field(description="Must be an item of the catalogue.")]
    type: EventType
    timestamp: Annotated[Annotated[float, Strict()] | None, Field(description="UTC seconds; now by default.")] = None
    event_id: Annotated[
        Name,
        Field(description="Unique; sending the same one again changes nothing. Made by the service when absent."),
    ] = field(default_factory=new_event_id)
    request_id: Annotated[
        str, Field(max_length=MAX_ID_CHARS, description="Of the answer in which the item was shown, if it was in one.")
    ] = ""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRequest:
    """Reports events, all or none: one that cannot be stored refuses the whole call."""

    events: Annotated[list[VisitorEvent], Field(max_length=MAX_EVENTS)]


class EventsResponse(TypedDict):
    """How many events were new, and how many the service had already."""

    accepted: int
    duplicates: int

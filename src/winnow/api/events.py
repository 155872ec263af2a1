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
    """One thing that a visitor did."""

    user_id: Name
    item_id: Annotated[Name, Field(description="Must be an item of the catalogue.")]
    type: EventType
    timestamp: Annotated[Annotated[float, Strict()] | None, Field(description="UTC seconds; now by default.")] = None
    event_id: Annotated[
        Name,
        Field(description="Unique; sending the same one again changes nothing. Made by the service when absent."),
    ] = field(default_factory=new_event_id)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRequest:
    """Reports events, all or none: one that cannot be stored refuses the whole call."""

    events: Annotated[list[VisitorEvent], Field(max_length=MAX_EVENTS)]


class EventsResponse(TypedDict):
    """How many events were new, and how many the service had already."""

    accepted: int
    duplicates: int

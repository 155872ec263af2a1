"""`GET /v1/users/{user_id}/state` and `GET /v1/sessions/{session_id}/state`: what is known of a visitor."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.limits import MAX_SHOWN_EVENTS
from winnow.schema.schema import EventType

Types = Annotated[
    str,
    Field(
        description="Of which types `events` are told, with commas between them, such as click,cart: who was shown "
        "much has looked at something long before the last events. Empty: of all types."
    ),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class StateRequest:
    """Asks, in the query of the address, what is known of a visitor."""

    types: Types = ""


class KnownEvent(TypedDict):
    """One thing that the visitor did."""

    item_id: Annotated[str | None, Field(description="Null for an item that the catalogue does not have.")]
    title: str | None
    type: EventType
    timestamp: Annotated[float, Field(description="UTC seconds.")]
    age_s: Annotated[float, Field(ge=0, description="Seconds since then.")]


class SeenItems(TypedDict):
    """What is kept out of the visitor's answers as long as there is something else."""

    items: Annotated[
        int,
        Field(
            description="Items of the catalogue that are hidden now: those that are known to be seen, those that the "
            "bitmaps remember, and few that the bitmaps take for seen."
        ),
    ]
    item_ids: Annotated[list[str], Field(description="Those of them of which an event is known.")]
    bitmap_bytes: Annotated[list[int], Field(description="Bytes of the bitmap of each day that is remembered.")]


class VisitorState(TypedDict):
    """All that the next answer to the visitor could be drawn from."""

    bundle: Annotated[str, Field(description="The bundle that answers.")]
    user_id: Annotated[str | None, Field(description="Null for a session.")]
    session_id: Annotated[str | None, Field(description="Null for a user.")]
    forgotten: Annotated[
        bool,
        Field(
            description="True: nothing of before is read, because the user asked to be forgotten, or because the "
            "session, which training had seen, was given to a user."
        ),
    ]
    events_known: Annotated[int, Field(description="Events that are known one by one, of training and since.")]
    events: Annotated[
        list[KnownEvent],
        Field(description=f"The last {MAX_SHOWN_EVENTS} of the types that were asked for, latest first."),
    ]
    seen: SeenItems
    past_events: Annotated[
        int, Field(description="Events of the visitor in the bundle's files; where forgotten they are not read.")
    ]
    features: Annotated[
        dict[str, str | float | None],
        Field(
            description="What the shop said of the user when the bundle was trained, by feature of the schema; null "
            "for what it did not say. Empty for an unknown user and for a session."
        ),
    ]

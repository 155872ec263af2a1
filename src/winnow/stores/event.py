"""One thing that a visitor did."""

import math
from dataclasses import dataclass

from winnow.schema.errors import RequestError
from winnow.schema.schema import EventType

CODE_OF_TYPE = {str(each): code for code, each in enumerate(EventType)}
"""int8 code of each event type, its position in `tuple(EventType)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a visitor did.

    Attributes:
        event_id: unique; the same id again is acknowledged and changes nothing.
        user_id: the visitor's outside name: a user id, or a `session_name`.
        item_id: outside name.
        type: an EventType value.
        at: UTC seconds.
        request_id: the answer in which the item was shown, "" where nobody says; for logs, stores do not keep it.

    Raises:
        RequestError: a name is empty, the type is unknown, or the time is not a finite number.
    """

    event_id: str
    user_id: str
    item_id: str
    type: str
    at: float
    request_id: str = ""

    def __post_init__(self) -> None:
        for name in ("event_id", "user_id", "item_id"):
            if not getattr(self, name):
                raise RequestError(f"The event '{self.event_id}' has an empty {name}; events of nobody are not kept.")
        if self.type not in CODE_OF_TYPE:
            known = ", ".join(CODE_OF_TYPE)
            raise RequestError(f"The event '{self.event_id}' has the type '{self.type}'; the types are: {known}.")
        if not math.isfinite(self.at):
            raise RequestError(f"The event '{self.event_id}' happened at {self.at}; a time is UTC seconds.")

"""An operation as a line of a file: a CRC-32, and JSON, in which no line breaks.

The JSON is `[version, at, kind, ...]`. A new kind of operation needs a branch in both functions, no new version.
"""

import zlib
from collections.abc import Sequence
from typing import Any

import orjson

from winnow.schema.errors import DataError, RequestError
from winnow.stores.event import Event
from winnow.stores.state_operation import (
    EventsAppended,
    NamesMerged,
    PastClosed,
    StateOperation,
    UserForgotten,
    UserReset,
)

VERSION = 1


def line_of(operation: StateOperation) -> bytes:
    """The line, its end included.

    Raises:
        RequestError: a name is not text that can be written.
    """
    try:
        content = orjson.dumps([VERSION, operation.at, *_told(operation)])
    except TypeError as error:
        raise RequestError(f"What came cannot be kept: {error}. Names are text that UTF-8 can write.") from error
    return line_of_content(content)


def line_of_content(content: bytes) -> bytes:
    """The line of some JSON, its end included."""
    return b"%08x %s\n" % (zlib.crc32(content), content)


def content_of(line: bytes) -> bytes | None:
    """The JSON of a line; None if the line is damaged, or not whole."""
    content = line[9:-1]
    return content if line[-1:] == b"\n" and line[:9] == b"%08x " % zlib.crc32(content) else None


def operation_of(content: bytes) -> StateOperation:
    """What `line_of` was given.

    Raises:
        DataError: it is not of this version, or not of a kind that is known.
    """
    version, at, kind, *values = orjson.loads(content)
    match (version, kind):
        case (1, "append"):
            return EventsAppended(at=at, events=_events(*values))
        case (1, "forget"):
            return UserForgotten(at=at, user_id=values[0])
        case (1, "reset"):
            return UserReset(at=at, user_id=values[0])
        case (1, "close"):
            return PastClosed(at=at, user_id=values[0])
        case (1, "merge"):
            return NamesMerged(at=at, source=values[0], target=values[1])
        case _:
            raise DataError(
                f"it is of the kind '{kind}' in version {version}, and this program reads version {VERSION}"
            )


def _told(operation: StateOperation) -> tuple[Any, ...]:
    match operation:
        case EventsAppended():
            return "append", [
                (each.event_id, each.user_id, each.item_id, each.type, each.at, each.request_id)
                for each in operation.events
            ]
        case UserForgotten():
            return "forget", operation.user_id
        case UserReset():
            return "reset", operation.user_id
        case PastClosed():
            return "close", operation.user_id
        case NamesMerged():
            return "merge", operation.source, operation.target


def _events(rows: Sequence[tuple[str, str, str, str, float, str]]) -> tuple[Event, ...]:
    events = [
        Event(event_id=event_id, user_id=user_id, item_id=item_id, type=type_, at=at, request_id=request_id)
        for event_id, user_id, item_id, type_, at, request_id in rows
    ]
    return tuple(events)

"""Which types of events callers want to be told, as they write them: `click,cart`."""

from winnow.schema.column import Bools
from winnow.schema.schema import EventType
from winnow.serving.routes.json_body import invalid
from winnow.stores.counted_types import counted_types


def asked_types(types: str) -> Bools:
    """bool [number of event types]; all where none is named.

    Raises:
        ApiError: 422; it names what is no type.
    """
    named = [each.strip() for each in types.split(",")] if types else list(EventType)
    if unknown := [each for each in named if each not in list(EventType)]:
        known = ", ".join(EventType)
        raise invalid("types", f"'types' names {unknown[0][:60]!r}; the types of events are: {known}.")
    return counted_types(named)

"""Windows as the schema file has them."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature
from winnow.schema.located import Located, unknown
from winnow.schema.schema import EventType
from winnow.schema.transform import Vocabulary
from winnow.schema.window import Window


def read_window(node: Located) -> Window:
    """A window by its settings.

    Raises:
        SchemaError: it says something wrong; names file, line, column and what is allowed.
    """
    entries = node.mapping((each.name for each in fields(Window)), required=("of", "over_hours"))
    values: dict[str, Any] = {"of": entries["of"].text(), "over_hours": entries["over_hours"].number()}
    if "types" in entries:
        values["types"] = tuple(each.choice(EventType, "an event type") for each in entries["types"].sequence())
    if "last_events" in entries:
        values["last_events"] = entries["last_events"].whole()
    try:
        return Window(**values)
    except SchemaError as error:
        raise node.error(str(error)) from error


def check_windows(rows: Iterable[Located], features: Iterable[Feature]) -> None:
    """Whether every window counts words that items have.

    Args:
        rows: the features as written.
        features: all of them, as read.

    Raises:
        SchemaError: a window is of something else; says where.
    """
    known = tuple(
        each.name for each in features if each.entity is Entity.ITEM and isinstance(each.transform, Vocabulary)
    )
    for entries in (row.entries() for row in rows):
        if "window" in entries:
            named = entries["window"].entries()["of"]
            if named.text() not in known:
                raise named.error(unknown(named.text(), known, "an item feature with a vocabulary"))

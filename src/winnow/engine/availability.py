"""Whether a new item may be recommended."""

from reprlib import repr as shortened
from typing import Any

from winnow.schema.errors import RequestError

WORDS = {"true": True, "1": True, "false": False, "0": False}


def is_available(column: str, value: Any) -> bool:
    """What a shop says of an item, read as importers read the column; None says nothing, and means available.

    Raises:
        RequestError: it is neither true nor false; names the field.
    """
    if value is None or (isinstance(value, bool | int | float) and value in (0, 1)):
        return value is None or bool(value)
    if isinstance(value, str) and value.strip().lower() in WORDS:
        return WORDS[value.strip().lower()]
    raise RequestError(
        f"The item field '{column}' is {shortened(value)}; true or false is wanted, or nothing, which means available."
    )

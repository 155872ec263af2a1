"""The context of a request as one writes it on a command line."""

import json
from collections.abc import Iterable
from typing import Any

from winnow.schema.errors import RequestError


def request_context(pairs: Iterable[str]) -> dict[str, Any]:
    """name=value pairs; a value that is JSON is read as such, anything else is text.

    Raises:
        RequestError: one is no pair.
    """
    context: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise RequestError(f"The context '{pair}' is not name=value; write for example device_type=mobile.")
        try:
            context[name] = json.loads(value)
        except json.JSONDecodeError:
            context[name] = value
    return context

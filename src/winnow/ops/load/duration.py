"""Durations as people write them."""

import re

from winnow.schema.errors import RequestError

WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)")
MS_OF = {"ms": 1.0, "s": 1e3}


def milliseconds(text: str) -> float:
    """Milliseconds from text such as "25ms" or "0.1 s".

    Raises:
        RequestError: it is no duration above 0.
    """
    found = WRITTEN.fullmatch(text.strip())
    duration = float(found[1]) * MS_OF[found[2]] if found else 0.0
    if not 0 < duration < float("inf"):
        raise RequestError(f"'{text}' is not a duration above 0; write it like 25ms or 0.1s.")
    return duration

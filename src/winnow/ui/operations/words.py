"""Figures and instants as people say them."""

import math
from datetime import UTC, datetime

NONE = "\u2013"
UNITS = (("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0))


def percent(share: float | None, digits: int = 1) -> str:
    """A share, such as "8.4 %"."""
    return NONE if share is None or math.isnan(share) else f"{100 * share:.{digits}f} %"


def number(value: float | None, unit: str = "") -> str:
    """With three digits that count, such as "2.74 ms"."""
    if value is None or math.isnan(value):
        return NONE
    told = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{told} {unit}".strip()


def ago(at: float, now: float) -> str:
    """How long ago an instant was, in its largest unit, such as "3 days ago"."""
    seconds = max(now - at, 0.0)
    for name, length in UNITS:
        if seconds >= length:
            many = int(seconds // length)
            return f"{many} {name}{'s' if many > 1 else ''} ago"
    return "just now"


def day_of(at: float) -> str:
    """Such as "1 February 2026"."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%B %Y}"


def plain(name: str) -> str:
    """An inside name, as people read it: "popular_7d" becomes "popular 7d"."""
    return name.replace("_", " ")

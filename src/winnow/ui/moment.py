"""The instant that a visitor pretends to come at."""

from datetime import UTC, datetime, timedelta


def next_moment(now: datetime, hour: int | None, weekday: int | None) -> float | None:
    """The next instant, this hour included, at that hour of that weekday; None where neither is said.

    Args:
        now: with its time zone.
        hour: 0 to 23, UTC; None for that of now.
        weekday: 0 is Monday; None for any.

    Returns:
        UTC seconds.
    """
    if hour is None and weekday is None:
        return None
    now = now.astimezone(UTC)
    at = now if hour is None or hour == now.hour else now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if at < now:
        at += timedelta(days=1)
    if weekday is not None:
        at += timedelta(days=(weekday - at.weekday()) % 7)
    return at.timestamp()

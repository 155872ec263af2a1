"""Instants as callers write them, made safe."""

from winnow.serving.errors import ApiError
from winnow.serving.routes.json_body import described, invalid

EARLIEST_S = 788_918_400
"""1995-01-01, UTC."""
MILLISECONDS_FROM = 1e11
"""As seconds this is the year 5138: who sends more means milliseconds or finer."""


def instant(value: object, field: str, now: float, ahead_s: float) -> float:
    """UTC seconds as sent, or `now` when nothing was sent.

    Args:
        value: what came in the JSON body.
        field: where it stood, for the message.
        now: UTC seconds.
        ahead_s: how far in the future it may lie.

    Raises:
        ApiError: 422 when it is not a number, too early, too late, or in milliseconds.
    """
    if value is None:
        return now
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(field, value, f"it should be UTC seconds as a number, such as {int(now)}")
    if value >= MILLISECONDS_FROM:
        raise _wrong(field, value, "that looks like milliseconds; send UTC seconds (divide by 1000)")
    if value < EARLIEST_S:
        raise _wrong(field, value, "it should be UTC seconds after 1995")
    if value > now + ahead_s:
        raise _wrong(field, value, f"that is {value - now:.0f} seconds in the future; at most {ahead_s:.0f} are taken")
    return float(value)


def _wrong(field: str, value: object, sentence: str) -> ApiError:
    return invalid(field, f"'{field}' is {described(value)}; {sentence}.")

"""The most that a service holds."""

from collections.abc import Callable
from dataclasses import dataclass

from winnow.ops.load.load_result import LoadResult

TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRate:
    """A rate, and what became of it.

    Attributes:
        per_s: requests a second that were begun.
        result: of them.
    """

    per_s: float
    result: LoadResult


def held_rate(
    asked: Callable[[float], LoadResult], holds: Callable[[LoadResult], bool], too_much: float
) -> HeldRate | None:
    """The highest of a few rates that is held, found by halving; None where none of them is.

    Args:
        asked: makes a load of so many requests a second.
        holds: whether what became of it is good enough.
        too_much: a rate that is not held.
    """
    held, least = None, 0.0
    for _ in range(TRIES):
        rate = (least + too_much) / 2
        result = asked(rate)
        if holds(result):
            held, least = HeldRate(per_s=rate, result=result), rate
        else:
            too_much = rate
    return held

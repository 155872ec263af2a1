"""Many requests, some at a time."""

from collections.abc import Iterator

SLICE = 8
"""Requests that one run of the pipeline answers: others wait that long at most, its memory grows with them, and more
together gain little."""


def slices(count: int) -> Iterator[slice]:
    """The places of so many requests, SLICE after SLICE."""
    return (slice(start, min(start + SLICE, count)) for start in range(0, count, SLICE))

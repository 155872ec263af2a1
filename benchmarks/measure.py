"""Time calls one by one."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter_ns

import numpy as np
from rich.progress import track

from winnow.schema.column import Array

ROUND = 100


def latencies_ms(call: Callable[[int], object], *, warm_up: int, rounds: int, label: str) -> Array:
    """Milliseconds of each call, in order.

    Args:
        call: takes the number of the call, counted from the first of the warm-up.
        warm_up: calls before the first that counts.
        rounds: rounds of 100 calls that count; progress is drawn between rounds, not during them.
        label: what the progress bar says.

    Returns:
        float64 [100 * rounds].
    """
    for number in range(warm_up):
        call(number)
    taken = np.zeros((rounds, ROUND), np.int64)
    with frozen_garbage():
        for row in track(range(rounds), label, auto_refresh=False, transient=True):
            for column in range(ROUND):
                number = warm_up + row * ROUND + column
                start = perf_counter_ns()
                call(number)
                taken[row, column] = perf_counter_ns() - start
    return taken.ravel() / 1e6


@contextmanager
def frozen_garbage() -> Iterator[None]:
    """Leave out of garbage collection what lives already, as the service does after its start."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()

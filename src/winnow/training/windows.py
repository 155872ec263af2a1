"""Histories cut into windows, each read once for all examples that it ends before: every prefix is an example."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array, Ragged, offsets_of
from winnow.training.interactions import Interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """W stretches of histories, and the examples that are asked within each.

    Attributes:
        starts: int64 [W], where among `Interactions.history_items` each begins.
        lengths: int64 [W], events that its longest prefix holds; 0 where somebody's first event is the example.
        examples: int64 positions among the interactions, each example in one window (ragged, [W]).
    """

    starts: Array
    lengths: Array
    examples: Ragged

    def __len__(self) -> int:
        return len(self.starts)

    def batches(self, size: int, generator: np.random.Generator) -> Iterator[Array]:
        """Windows [w] of about `size` examples a batch, in random order; those of a batch are about equally long."""
        drawn = np.lexsort((generator.random(len(self)), self.lengths))
        number = (np.cumsum(self.examples.lengths[drawn]) - 1) // size
        batches = np.split(drawn, np.flatnonzero(np.diff(number)) + 1) if len(drawn) else []
        for place in generator.permutation(len(batches)):
            yield batches[place]


def windows_of(interactions: Interactions, length: int) -> Windows:
    """Windows of at most `length` events, in which every example is asked behind as much of its past as fits.

    They overlap by half, so that an example has at least half of the length before it, or all of its past.

    Args:
        interactions: by user and time.
        length: at least 1.
    """
    past = interactions.history_end - interactions.history_start
    step = max(1, length // 2)
    skipped = np.maximum(0, -(-(past - length) // step)) * step
    starts = interactions.history_start + skipped
    order = np.lexsort((past, starts, interactions.users))
    keys = np.stack([interactions.users[order], starts[order]])
    first = np.flatnonzero(np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))) if len(order) else order
    counts = np.diff(np.append(first, len(order)))
    last = order[first + counts - 1]
    return Windows(
        starts=starts[last],
        lengths=interactions.history_end[last] - starts[last],
        examples=Ragged(order, offsets_of(counts)),
    )

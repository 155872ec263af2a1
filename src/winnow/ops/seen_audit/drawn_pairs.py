"""Which pairs of user and item are asked for."""

from collections.abc import Sequence

import numpy as np

from winnow.schema.column import Array


def shares(counts: Sequence[int], wanted: int) -> list[int]:
    """How many pairs to take of each user, as even as can be, so that there are as many as wanted or all that exist.

    Args:
        counts: pairs that each user has.
        wanted: of all of them.
    """
    taken, left = [0] * len(counts), wanted
    order = sorted(range(len(counts)), key=counts.__getitem__)
    for done, user in enumerate(order):
        # Those with few come first; what they lack is spread over the others.
        taken[user] = min(counts[user], -(-left // (len(counts) - done)))
        left -= taken[user]
    return taken


def drawn_unseen(had: Array, num_items: int, share: int, generator: np.random.Generator) -> Array:
    """Some catalogue rows that a user has not had, each once, int64 [share].

    Args:
        had: rows that the user had, each once.
        num_items: of the catalogue.
        share: at most as many as the user has not had.
        generator: draws.
    """
    unseen = np.ones(num_items, bool)
    unseen[had] = False
    return generator.choice(np.flatnonzero(unseen), share, replace=False, shuffle=False)

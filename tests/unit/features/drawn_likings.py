"""Likings whose numbers are drawn, for those who need any."""

from collections.abc import Sequence

import numpy as np

from winnow.features.likings import Likings


def drawn_likings(
    number: int, width: int, columns: Sequence[int] = (), sizes: Sequence[int] = (), seed: int = 0
) -> Likings:
    """Args: number: R. width: F. columns, sizes: of kinds, and how many kinds each has."""
    draw, starts = np.random.default_rng(seed), np.cumsum([0, *sizes])
    shares = [draw.dirichlet(np.ones(size)) for size in sizes]
    return Likings(
        items=draw.normal(size=(number, width)).astype(np.float32),
        kinds=draw.normal(size=(number, starts[-1])).astype(np.float32),
        usual=np.log(np.concatenate([np.empty(0), *shares])).astype(np.float32),
        columns=np.array(columns, np.int64),
        starts=starts,
        mean=draw.normal(size=number).astype(np.float32),
        told=draw.random(number).astype(np.float32),
    )

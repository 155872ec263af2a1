"""How often what stands at each place of a page is clicked."""

from collections.abc import Iterable

import numpy as np

from winnow.models.looks import PLACES
from winnow.schema.column import Array, Bools

FEW = 100
"""Impressions of the usual rate of clicks that each place begins with."""


def place_rates(pieces: Iterable[tuple[Bools, Array]]) -> Array:
    """float64 [PLACES + 1], share of the impressions at each place that were clicked.

    Args:
        pieces: of the impressions, of which there is at least one: bool [n], whether they were clicked, and int64 [n],
            their positions from 1, 0 where not known; those beyond the last place count as the last.
    """
    clicks, shown = np.zeros(PLACES + 1), np.zeros(PLACES + 1)
    for clicked, positions in pieces:
        places = np.minimum(positions, PLACES)
        clicks += np.bincount(places, clicked, minlength=PLACES + 1)
        shown += np.bincount(places, minlength=PLACES + 1)
    return (clicks + FEW * (clicks.sum() / shown.sum())) / (shown + FEW)


def looks_of(rates: Array, positions: Array) -> Array:
    """float64 [N], how likely each impression was looked at, were what stands at all places alike.

    Where nothing was clicked, nothing tells, and everything counts as looked at.
    """
    looked = np.minimum(rates / rates[1], 1.0) if rates[1] else np.ones(len(rates))
    looked[0] = 1.0
    return looked[np.minimum(positions, PLACES)]

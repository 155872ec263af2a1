"""How often what stands at each place of a page is clicked."""

import numpy as np

from winnow.models.looks import PLACES
from winnow.schema.column import Array, Bools

FEW = 100
"""Impressions of the usual rate of clicks that each place begins with."""


def place_rates(clicked: Bools, positions: Array) -> Array:
    """float64 [PLACES + 1], share of the impressions at each place that were clicked.

    Args:
        clicked: bool [N], at least one.
        positions: int64 [N], from 1, 0 where not known; those beyond the last place count as the last.
    """
    places = np.minimum(positions, PLACES)
    clicks, shown = (np.bincount(places, weights, minlength=PLACES + 1) for weights in (clicked, None))
    return (clicks + FEW * clicked.mean()) / (shown + FEW)


def looks_of(rates: Array, positions: Array) -> Array:
    """float64 [N], how likely each impression was looked at, were what stands at all places alike."""
    looked = np.minimum(rates / rates[1], 1.0)
    looked[0] = 1.0
    return looked[np.minimum(positions, PLACES)]

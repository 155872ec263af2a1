"""How much oftener than usual each value of a column is clicked."""

import numpy as np

from winnow.schema.column import Array, Bools, Ints

PRIOR_ROWS = 10.0
"""Rows of the usual rate that are added to those of a value before its own is taken."""


def click_rate_odds(places: Ints, clicked: Bools, size: int) -> Array:
    """Log-odds of the click rate of each value, less those of all rows.

    Args:
        places: int [N], which of the values a row has; `size` where it has none.
        clicked: bool [N].
        size: how many values there are, D.

    Returns:
        float64 [D], 0 of a value that no row has.

    Source:
        Micci-Barreca, A preprocessing scheme for high-cardinality categorical attributes, SIGKDD Explorations 2001.
    """
    # Half a click and half a miss more, so that rows of one class have finite log-odds too.
    usual = (np.count_nonzero(clicked) + 0.5) / (len(clicked) + 1)
    rows, clicks = (np.bincount(each, minlength=size + 1)[:size] for each in (places, places[clicked]))
    rates = (clicks + PRIOR_ROWS * usual) / (rows + PRIOR_ROWS)
    return np.where(rows > 0, _log_odds(rates) - _log_odds(np.array(usual)), 0.0)


def _log_odds(rates: Array) -> Array:
    return np.log(rates) - np.log1p(-rates)

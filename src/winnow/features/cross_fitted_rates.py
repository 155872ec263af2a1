"""Click rates of categories for the very rows that they are learned from."""

import numpy as np

from winnow.features.click_rate_odds import click_rate_odds
from winnow.features.click_rows import ClickRows
from winnow.features.distinct_values import DistinctValues, distinct_values
from winnow.schema.column import Array, Bools, Ints

PARTS = 5


def cross_fitted_rates(rows: ClickRows, clicked: Bools, generator: np.random.Generator) -> Array:
    """Log-odds as `ClickRate` says them, of each fifth of the rows by the other four.

    A rate that a row's own label is in foretells that label, the better the rarer the value is; a model that learned
    from such rates would believe them too much.

    Args:
        rows: that the model will learn from.
        clicked: bool [N].
        generator: of the fifths.

    Returns:
        float32 [N, K], 0 where the other four fifths do not have the value, or where it is missing.
    """
    part = generator.permutation(len(clicked)) % PARTS
    columns = [_column(distinct_values(each), clicked, part) for each in rows.categories.columns]
    return np.array(columns, np.float32).reshape(len(columns), len(clicked)).T


def _column(column: DistinctValues, clicked: Bools, part: Ints) -> Array:
    said, size = np.zeros(len(part)), len(column.values)
    for each in range(PARTS):
        own = part == each
        odds = click_rate_odds(column.places[~own], clicked[~own], size)
        said[own] = np.append(odds, 0.0)[column.places[own]]
    return said

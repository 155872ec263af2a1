"""What came of impressions besides clicks, learned from what the click model has found."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from winnow.calibration.logistic_fit import logistic_fit
from winnow.data.positive_outcomes import AS_SHOWN
from winnow.models.outcome_heads import OutcomeHeads
from winnow.schema.column import Array, Bools
from winnow.training.impression_rows import ImpressionRows

ENOUGH = 100_000
"""Impressions that a head learns from at most, the latest."""


def fit_outcome_heads(
    hidden_of: Callable[[Array], Array], rows: ImpressionRows, chosen: Array, names: Sequence[str]
) -> OutcomeHeads | None:
    """Heads for outcomes; None where there are none.

    One that follows on a click learns from what was clicked, a dismissal from all. They are solved, not trained in the
    click model's steps, in which the few purchases hardly move them: of a planted chance of 0.5 beside 0.1 these found
    0.34 beside 0.28, and this finds 0.49 beside 0.12.

    Args:
        hidden_of: what the click model has found for impressions, int64 [n] -> float32 [n, W].
        rows: the impressions.
        chosen: int64 [N], those to learn from, by time.
        names: H outcomes, as `rows.came` has them.
    """
    if not names:
        return None
    clicked, shown = chosen[rows.clicked[chosen]][-ENOUGH:], chosen[-ENOUGH:]
    hidden, weights = (hidden_of(clicked), hidden_of(shown)), list[Array]()
    for head, name in enumerate(names):
        as_shown = name in AS_SHOWN
        weights.append(_solved(hidden[as_shown], rows.came[(clicked, shown)[as_shown], head]))
    solved = torch.from_numpy(np.stack(weights).astype(np.float32))
    return OutcomeHeads(solved[:, 1:].contiguous(), solved[:, 0].contiguous())


def _solved(hidden: Array, came: Bools) -> Array:
    """float32 [n, W] and bool [n] -> float64 [1 + W], bias and weights; what never or always came has its rate alone.

    Each weight is thought to be 0, give or take 1 for a standard deviation of its number. Half an impression of either
    kind is added to the usual rate, so that what never came may (Krichevsky and Trofimov, The performance of universal
    encoding, IEEE Transactions on Information Theory, 1981).
    """
    number, coming = len(came), np.count_nonzero(came)
    usual = np.log((coming + 0.5) / (number - coming + 0.5))
    found = np.zeros(1 + hidden.shape[1])
    if 0 < coming < number:
        features = np.ones((len(found), number))
        numbers = features[1:]
        numbers[:] = hidden.T
        mean, spread = numbers.mean(axis=1), numbers.std(axis=1)
        spread[spread == 0] = np.inf  # a number that is always the same tells nothing
        numbers -= mean[:, None]
        numbers /= spread[:, None]
        ridge = np.full(len(found), 1 / number)
        ridge[0] = 0
        found = logistic_fit(features, came.astype(np.float64), np.full(number, usual), ridge)
        found[1:] /= spread
        found[0] -= mean @ found[1:]
    found[0] += usual
    return found

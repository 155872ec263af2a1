"""How much each impression counts, where the model should be right for whatever may be shown and not for what was.

A policy that shows an item mostly to whom it suits leaves a log in which the item looks good. Weighed by one over the
probability with which it was shown, an impression stands for all items that could have been put in its place, so a
place for which there was more to choose from weighs more.

Source: Horvitz and Thompson, A generalization of sampling without replacement from a finite universe, JASA 1952;
Schnabel et al., Recommendations as treatments: debiasing learning and evaluation, ICML 2016, who learn with such
weights and let the weights themselves normalise the mean; Ionides, Truncated importance sampling, JCGS 2008.
"""

import numpy as np
import torch
from torch import Tensor

from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.training.clicks_config import ClicksConfig
from winnow.training.impression_rows import ImpressionRows


def impression_weights(rows: ImpressionRows, used: Array, config: ClicksConfig) -> Tensor:
    """Weights in the loss of the click model: float32 [N], mean 1 over the rows that are used, 1 for others.

    Args:
        rows: N impressions.
        used: int64, those that are learned from.
        config: says the cap; without one everything weighs 1.

    Raises:
        DataError: there is a cap, and of no used impression the propensity is known.
    """
    if config.propensity_cap is None:
        return torch.ones(()).expand(len(rows))
    weights = rows.scratch.empty((len(rows),), np.float32)
    weights.fill(1)
    weights[used] = capped_weights(rows.propensities[used], config.propensity_cap)
    return torch.from_numpy(weights)


def capped_weights(propensities: Array, cap: float) -> Array:
    """Inverse propensities, truncated and then divided by their mean.

    An impression of known propensity p gets min(1 / p, cap x m), where m is the mean of 1 / p over all whose propensity
    is known; these numbers are divided by their own mean. Truncation lowers the mean, so the largest weight may come
    out somewhat above the cap. The lower the cap, the less a few rare impressions decide, and the nearer the result is
    to that of no weights, which a cap of 1 need not reach. An impression of unknown propensity weighs 1, the mean.

    Args:
        propensities: float64 [n], above 0 and at most 1, NaN where not known.
        cap: at least 1.

    Returns:
        float64 [n], above 0, mean 1.

    Raises:
        DataError: none is known.
    """
    known = np.isfinite(propensities)
    if not known.any():
        raise none_known(cap, len(propensities))
    inverse = 1 / propensities[known]
    truncated = np.minimum(inverse, cap * inverse.mean())
    weights = np.ones(len(propensities))
    weights[known] = truncated / truncated.mean()
    return weights


def none_known(cap: float, number: int) -> DataError:
    """The error where weights are wanted of so many impressions, and of none of them the propensity is known."""
    return DataError(
        f"The recipe's clicks have the propensity_cap {cap:g}, and of {number:,} impressions none has a known "
        "propensity; name its column in the schema under impressions.propensity, or leave the cap out."
    )

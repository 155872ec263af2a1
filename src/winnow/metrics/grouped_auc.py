"""How well positives are told from negatives within each group, which is what the order of one user's list needs."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedAuc:
    """The AUC within groups.

    Attributes:
        value: mean of the AUC of each group that has positives and negatives, weighted by rows, in [0, 1]; NaN when
            no group has both.
        share: of the rows that lie in such groups, in [0, 1]; 0 also when there is no row.
    """

    value: float
    share: float


def auc_by_group(labels: Array, scores: Array, groups: Array) -> GroupedAuc:
    """The AUC of each group, averaged with its number of rows as weight.

    The AUC over all rows also rewards knowing who clicks much, which moves nothing within a list; this one does not.

    Args:
        labels: [N] of 0 and 1 (or booleans).
        scores: [N] finite numbers; ties within a group count half.
        groups: [N] of anything that sorts, such as user rows, in any order.

    Raises:
        ValueError: different numbers of labels, scores and groups.

    Source:
        Zhu et al., Optimized cost per click in Taobao display advertising, 2017.
    """
    if not len(labels) == len(scores) == len(groups):
        raise ValueError(
            f"There are {len(labels)} labels, {len(scores)} scores and {len(groups)} groups; give one of each for "
            "every row."
        )
    _, group, rows = np.unique(groups, return_inverse=True, return_counts=True)
    positive = np.asarray(labels, np.bool_)
    positives = np.bincount(group[positive], minlength=len(rows))
    pairs = positives * (rows - positives)
    rank_sums = np.bincount(group[positive], _ranks_in_group(scores, group, rows)[positive], minlength=len(rows))
    won, both = rank_sums - positives * (positives + 1) / 2, pairs > 0
    if not both.any():
        return GroupedAuc(value=float("nan"), share=0.0)
    weights = rows[both]
    value = weights @ (won[both] / pairs[both]) / weights.sum()
    return GroupedAuc(value=float(value), share=float(weights.sum() / len(labels)))


def _ranks_in_group(scores: Array, group: Array, rows: Array) -> Array:
    """float64 [N], from 1 for the lowest score of the group; ties get the mean of their ranks."""
    order = np.lexsort((scores, group))
    sorted_group, sorted_score = group[order], scores[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (sorted_group[1:] != sorted_group[:-1]) | (sorted_score[1:] != sorted_score[:-1])
    start = np.flatnonzero(new)
    size = np.diff(start, append=len(order))
    ranks = np.empty(len(order), np.float64)
    ranks[order] = np.repeat(start + (size + 1) / 2, size)
    before_group = np.cumsum(rows) - rows
    return ranks - before_group[group]

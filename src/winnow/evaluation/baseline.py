"""What every baseline promises, and how its scores become ranked lists."""

from typing import Protocol

import numpy as np

from winnow.schema.column import Array, Bools, Ragged

CHUNK_CELLS = 4_000_000


class Baseline(Protocol):
    """A recommender that needs no training loop."""

    def scores(self, users: Array) -> Array:
        """float64 [U, I], higher is better; zero where there is nothing to say."""
        ...


def rank(baseline: Baseline, users: Array, k: int, order: Array, masked: Ragged | None = None) -> Array:
    """The k best items of each user, best first.

    Args:
        baseline: gives the scores.
        users: int64 [U].
        k: at least 1.
        order: int64 [I], all items; the earlier of two with equal scores comes first.
        masked: items of each of the U users that must not come back.

    Returns:
        int64 [U, k] item rows, -1 where there are no more.
    """
    step = max(1, CHUNK_CELLS // len(order))
    spans = [np.arange(start, min(start + step, len(users))) for start in range(0, len(users), step)]
    lists = [_rank_chunk(baseline, users[span], k, order, masked and masked.take(span)) for span in spans]
    return np.concatenate(lists) if lists else np.empty((0, k), np.int64)


def _rank_chunk(baseline: Baseline, users: Array, k: int, order: Array, masked: Ragged | None) -> Array:
    scores = baseline.scores(users)
    if masked is not None:
        scores[masked.row_of_value(), masked.values] = -np.inf
    places = _best(scores[:, order], min(k, len(order)))
    rows = np.full((len(users), k), -1, np.int64)
    rows[:, : places.shape[1]] = np.where(places >= 0, order[places], -1)
    return rows


def _best(scores: Array, k: int) -> Array:
    """int64 [U, k] columns of the k highest scores, ties by column, -1 for a score of -inf."""
    last = -np.partition(-scores, k - 1, axis=1)[:, k - 1 : k]
    chosen = scores >= last
    crowded = np.flatnonzero(np.count_nonzero(chosen, axis=1) > k)
    chosen[crowded] = _without_late_ties(scores[crowded], last[crowded], k)
    columns = np.nonzero(chosen)[1].reshape(len(scores), k)
    values = np.take_along_axis(scores, columns, axis=1)
    by_score = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(np.where(values > -np.inf, columns, -1), by_score, axis=1)


def _without_late_ties(scores: Array, last: Array, k: int) -> Bools:
    """bool [U, I], k a row: what is above the last of the k, and of what ties with it the first columns."""
    above, tied = scores > last, scores == last
    return above | (tied & (np.cumsum(tied, axis=1) <= k - above.sum(axis=1, keepdims=True)))

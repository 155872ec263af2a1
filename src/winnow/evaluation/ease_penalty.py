"""How much EASE is held back: as much as predicts best what users took up last in training."""

import numpy as np
from scipy import sparse

from winnow.evaluation.ease_weights import ease_weights
from winnow.evaluation.interactions import Interactions
from winnow.metrics.ranking import ndcg_at_k
from winnow.schema.column import Array, Ragged

PENALTIES = (1.0, 10.0, 100.0, 1000.0)
USUAL = 100.0
ITEMS, USERS, K = 2_000, 4_000, 10
"""The most popular items, which are enough to tell the order of magnitude, and most users that are asked."""


def ease_penalty(training: Interactions) -> float:
    """The best of PENALTIES; USUAL where nobody has two items."""
    quality = penalty_quality(training)
    return max(quality, key=quality.__getitem__) if quality else USUAL


def penalty_quality(training: Interactions) -> dict[float, float]:
    """NDCG@10 by penalty, where each user's last new item is hidden; nothing where nobody has two items.

    Args:
        training: nothing else is looked at.
    """
    users, items, num_items = _taken_up(training)
    last = np.append(users[1:] != users[:-1], True)[: len(users)]
    asked = np.flatnonzero(last[1:] & ~last[:-1]) + 1
    if not len(asked):
        return {}
    seen = np.delete(np.arange(len(users)), asked)
    asked = asked[:: -(-len(asked) // USERS)]
    shape = (training.num_users, num_items)
    had = sparse.csr_array((np.ones(len(seen), np.float32), (users[seen], items[seen])), shape=shape)
    right = Ragged(items[asked], np.arange(len(asked) + 1))
    return {penalty: _quality(had, users[asked], right, penalty) for penalty in PENALTIES}


def _taken_up(training: Interactions) -> tuple[Array, Array, int]:
    """Users and items of the pairs among the most popular items, by user and in the order of their first event."""
    pairs, first = np.unique(training.pairs, return_index=True)
    users, items = np.divmod(pairs, training.num_items)
    popular = np.argsort(-np.bincount(items, minlength=training.num_items), kind="stable")[:ITEMS]
    place = np.full(training.num_items, -1)
    place[popular] = np.arange(len(popular))
    kept = np.flatnonzero(place[items] >= 0)
    kept = kept[np.lexsort((first[kept], users[kept]))]
    return users[kept], place[items[kept]], len(popular)


def _quality(had: sparse.csr_array, users: Array, right: Ragged, penalty: float) -> float:
    own = had[users]
    scores = own @ ease_weights(had, penalty)
    scores[own.nonzero()] = -np.inf
    return float(ndcg_at_k(np.argsort(-scores, axis=1, kind="stable")[:, :K], right, K).mean())

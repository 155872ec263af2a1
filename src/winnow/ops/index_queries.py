"""What an approximate index is made and measured for: requests, as a service is asked them."""

import numpy as np

from winnow.features.feature_arrays import items_at
from winnow.features.likeness import VISIT_S
from winnow.pipeline.person_hydrator import MOST_CHOICES
from winnow.schema.column import Array
from winnow.stores.counted_types import counted_types
from winnow.training.interactions import Interactions
from winnow.training.retrieval import Towers, query_vectors
from winnow.training.tastes import Tastes
from winnow.training.training_set import TrainingSet

INDEX_QUERIES = 1_024
"""Training requests at most: on one half an approximate index is tuned, on the other its recall is measured. Of a
million items a quarter of them had a ninth more lists read for less recall."""

LATE_SHARE = 0.1
"""Of all training requests, the latest, over which the sample is spread: the last hours alone are of a few visits."""

NEWCOMERS_SHARE = 0.25
"""Of the sample: what finds nearly all for those with a history may find much less for newcomers, who are few."""


def index_queries(data: TrainingSet, towers: Towers, tastes: Tastes | None, vectors: Array) -> Array:
    """Float32 [Q, D + L], what is searched for at some training requests.

    Args:
        data: features and interactions.
        towers: trained.
        tastes: of users; None where nothing was shown, and L is 0.
        vectors: float32 [I, D + L], of the items.
    """
    examples = index_examples(data.interactions)
    queries = query_vectors(data, towers, vectors[:, : towers.item.dim], examples)
    return queries if tastes is None else np.concatenate([queries, persons_asking(data, tastes, examples)], axis=1)


def index_examples(interactions: Interactions) -> Array:
    """int64 [Q], late requests, three with a history for each without one as far as there are such, spread evenly."""
    late = np.argsort(interactions.at, kind="stable")[-max(INDEX_QUERIES, round(LATE_SHARE * len(interactions))) :]
    known = (interactions.history_end > interactions.history_start)[late]
    newcomers = round(NEWCOMERS_SHARE * INDEX_QUERIES)
    return np.sort(np.concatenate([spread(late[known], INDEX_QUERIES - newcomers), spread(late[~known], newcomers)]))


def spread(rows: Array, most: int) -> Array:
    """All `rows`, or `most` of them evenly apart."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64))]


def persons_asking(data: TrainingSet, tastes: Tastes, examples: Array) -> Array:
    """Float32 [Q, L], who asked, by training and by what was chosen before; every other pair as if training had not.

    Whoever is not known by training is known by all choices, the others by those of the visit: as `PersonHydrator`
    has it. Who chose something lies elsewhere than who has just arrived.

    Args:
        data: features and interactions.
        tastes: of users.
        examples: int64 [Q], positions among the interactions.
    """
    interactions = data.interactions
    stranger = np.arange(len(examples)) // 2 % 2 == 1
    users = np.where(stranger, len(data.user_ids), data.user_rows[examples])
    past = interactions.past(examples, MOST_CHOICES)
    of = past.row_of_value()
    ages = interactions.at[examples][of] - interactions.history_at[past.values]
    counted = counted_types(data.schema.events.positives)[interactions.history_types[past.values]]
    known = (tastes.users[users] != 0).any(axis=1)
    chosen = counted & (~known[of] | (ages <= VISIT_S))
    pairs = np.unique((of * data.num_items + interactions.history_items[past.values])[chosen])
    of, rows = np.divmod(pairs, data.num_items)
    return tastes.persons(users, items_at(data.items, rows), of)

"""A part of a setting that has figures of its own: some users, or some of the items that are right for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.evaluation.held_out import HeldOut
from winnow.metrics.bootstrap import Interval, difference_intervals, mean_intervals
from winnow.metrics.ranking import hit_rate_at_k, ndcg_at_k, recall_at_k
from winnow.schema.column import Array, Bools, Ragged

KS = (5, 10, 20, 50)
PER_USER = {"recall": recall_at_k, "ndcg": ndcg_at_k, "hit_rate": hit_rate_at_k}
Column = tuple[str, int]
"""A metric and its k."""
COLUMNS: tuple[Column, ...] = tuple((metric, k) for metric in PER_USER for k in KS)
ALL, NEW_ITEMS, KNOWN_ITEMS = "all", "new_items", "known_items"
NAMES = (ALL, "warm", "cold", NEW_ITEMS, KNOWN_ITEMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """How well every model did on n users; there may be none.

    Attributes:
        name: in reports.
        relevant: how many right answers count, over all users.
        values: float64 [n, len(COLUMNS)] of each model.
    """

    name: str
    relevant: int
    values: Mapping[str, Array]

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))

    def means(self, seed: int) -> dict[tuple[str, Column], Interval]:
        """The mean over users of every model and column, for at least one user."""
        together = np.concatenate(list(self.values.values()), axis=1)
        return _named(self.values, COLUMNS, mean_intervals(together, seed=seed))

    def differences(self, ours: str, columns: Sequence[Column], seed: int) -> dict[tuple[str, Column], Interval]:
        """One model minus each of the others in some columns, paired, for at least one user."""
        places = [COLUMNS.index(column) for column in columns]
        others = {model: values[:, places] for model, values in self.values.items() if model != ours}
        theirs = np.concatenate(list(others.values()), axis=1)
        mine = np.tile(self.values[ours][:, places], len(others))
        return _named(others, columns, difference_intervals(mine, theirs, seed=seed))


def slices(held: HeldOut, lists: Mapping[str, Array], known: Bools) -> tuple[Slice, ...]:
    """Everybody; users with and without a history; new and known items, where only those count as right.

    The lists are the same for all slices: new items compete with the whole catalogue.

    Args:
        held: U users, at least one.
        lists: int64 [U, max(KS)] item rows of each model.
        known: bool [I], which items the training time knows.
    """
    warm = held.warm
    everyone = _per_user(lists, held.relevant)
    parts = [_of_users(ALL, np.ones_like(warm), held, everyone)]
    parts += [_of_users(name, users, held, everyone) for name, users in (("warm", warm), ("cold", ~warm))]
    parts += [_of_items(name, items, held, lists) for name, items in ((NEW_ITEMS, ~known), (KNOWN_ITEMS, known))]
    return tuple(parts)


def _of_users(name: str, users: Bools, held: HeldOut, everyone: Mapping[str, Array]) -> Slice:
    values = {model: figures[users] for model, figures in everyone.items()}
    return Slice(name=name, relevant=int(held.relevant.lengths[users].sum()), values=values)


def _of_items(name: str, items: Bools, held: HeldOut, lists: Mapping[str, Array]) -> Slice:
    part = held.counting(items)
    rows = np.searchsorted(held.users, part.users)
    values = _per_user({model: each[rows] for model, each in lists.items()}, part.relevant)
    return Slice(name=name, relevant=len(part.relevant.values), values=values)


def _per_user(lists: Mapping[str, Array], relevant: Ragged) -> dict[str, Array]:
    return {
        model: np.stack([PER_USER[metric](each, relevant, k) for metric, k in COLUMNS], axis=1)
        for model, each in lists.items()
    }


def _named(
    models: Mapping[str, Array], columns: Sequence[Column], intervals: Sequence[Interval]
) -> dict[tuple[str, Column], Interval]:
    names = [(model, column) for model in models for column in columns]
    return dict(zip(names, intervals, strict=True))

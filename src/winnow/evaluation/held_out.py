"""The questions of an evaluation: who asks when, and which items would have been right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.split import Split, test_events
from winnow.evaluation.history import history, of_types
from winnow.evaluation.interactions import read_interactions, visitors
from winnow.features.columns import columns_of
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of, take_rows
from winnow.schema.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """U users with at least one right answer each.

    Attributes:
        users: int64 [U], positions among the dataset's visitors, rising.
        user_ids: U outside names.
        at: float64 [U], instant of the user's first positive event of the test, UTC seconds.
        context: raw context columns of that event, each with U rows.
        relevant: int64 catalogue rows of the user's positive events of the test, each item once.
        history: int64 catalogue rows of what the user had before that instant, in training or validation, each item
            once; empty for a cold user.
    """

    users: Array
    user_ids: tuple[str, ...]
    at: Array
    context: Mapping[str, Column]
    relevant: Ragged
    history: Ragged

    def __len__(self) -> int:
        return len(self.users)

    @property
    def warm(self) -> Bools:
        """bool [U], whether the user has a history."""
        return self.history.lengths > 0

    def take(self, rows: Array) -> "HeldOut":
        """The given users, in the given order."""
        return HeldOut(
            users=self.users[rows],
            user_ids=tuple(self.user_ids[row] for row in rows),
            at=self.at[rows],
            context={name: take_rows(column, rows) for name, column in self.context.items()},
            relevant=self.relevant.take(rows),
            history=self.history.take(rows),
        )

    def masked(self) -> "HeldOut":
        """Items of the history count no longer; users who have nothing else are left out."""
        return self._wanting(~np.isin(_pairs(self.relevant), _pairs(self.history)))

    def counting(self, items: Bools) -> "HeldOut":
        """Only some items count as right; users who want none of them are left out.

        Args:
            items: bool [I], by catalogue row.
        """
        return self._wanting(items[self.relevant.values])

    def _wanting(self, right: Bools) -> "HeldOut":
        """Some of the right answers, a bool for each, and the users who have any of them."""
        counts = np.bincount(self.relevant.row_of_value()[right], minlength=len(self))
        relevant = Ragged(self.relevant.values[right], offsets_of(counts))
        return replace(self, relevant=relevant).take(np.flatnonzero(counts))


def held_out(dataset: Dataset, split: Split, catalogue: Catalogue, seen_types: tuple[str, ...] = ()) -> HeldOut:
    """Every user with a positive event in the test of the split.

    Args:
        dataset: the data.
        split: what is for training, for validation and for the test.
        catalogue: gives the item rows.
        seen_types: event types that hide an item from their user, besides the positives: those of the engine, so that
            what is masked is what the pipeline hides.

    Raises:
        DataError: nobody has one, or the catalogue lacks an item.
    """
    test = positive(dataset, test_events(dataset, split))
    if not len(test):
        raise DataError(
            f"No event of the test time is of a positive type ({', '.join(dataset.schema.events.positives)}); "
            "hold out a longer time or declare other positives."
        )
    types = (*dataset.schema.events.positives, *seen_types)
    wanted = read_interactions(test, visitors(dataset), catalogue.item_ids)
    users, first = np.unique(wanted.users, return_index=True)
    return HeldOut(
        users=users,
        user_ids=tuple(test[USER].take(first).to_pylist()),
        at=wanted.at[first],
        context=_context(test, first),
        relevant=wanted.items_of_users(users),
        history=history(dataset, split, tuple(catalogue.item_ids), types).items_of_users(users),
    )


def positive(dataset: Dataset, events: pa.Table) -> pa.Table:
    """The events of positive types."""
    return of_types(events, dataset.schema.events.positives)


def _context(events: pa.Table, rows: Array) -> Mapping[str, Column]:
    names = [name for name in events.column_names if name not in (USER, ITEM, TYPE, AT)]
    return columns_of(events.take(rows), names)


def _pairs(items: Ragged) -> Array:
    """One number for each user and item: rows above, items below."""
    return (items.row_of_value() << 40) | items.values

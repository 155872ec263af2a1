"""Who had which item when, as positions instead of names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from scipy import sparse

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, USER, Dataset
from winnow.schema.column import Array, Ragged, offsets_of
from winnow.schema.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """N events in order of time.

    Attributes:
        users: int64 [N], positions among the dataset's visitors.
        items: int64 [N], catalogue rows.
        at: float64 [N], UTC seconds, rising.
        num_users: visitors of the dataset.
        num_items: items of the catalogue.
    """

    users: Array
    items: Array
    at: Array
    num_users: int
    num_items: int

    def __len__(self) -> int:
        return len(self.users)

    @property
    def pairs(self) -> Array:
        """int64 [N], one number for each user and item: `user * num_items + item`."""
        return self.users * self.num_items + self.items

    def before(self, instants: Array) -> "Interactions":
        """The events strictly before an instant of their user.

        Args:
            instants: float64 [num_users], UTC seconds.
        """
        kept = self.at < instants[self.users]
        return replace(self, users=self.users[kept], items=self.items[kept], at=self.at[kept])

    def counts(self) -> sparse.csr_array:
        """float64 sparse [num_users, num_items], events of each user and item."""
        pairs, counts = np.unique(self.pairs, return_counts=True)
        users, items = np.divmod(pairs, self.num_items)
        shape = (self.num_users, self.num_items)
        return sparse.csr_array((counts.astype(np.float64), (users, items)), shape=shape)

    def items_of_users(self, users: Array) -> Ragged:
        """The items of each given user, each once, rising."""
        owners, items = np.divmod(np.unique(self.pairs), self.num_items)
        return Ragged(items, offsets_of(np.bincount(owners, minlength=self.num_users))).take(users)


def visitors(dataset: Dataset) -> pa.Array:
    """Everybody in the event table, each once, by name; not all of them need to stand in the user table."""
    return pc.unique(dataset.events[USER]).sort()


def read_interactions(events: pa.Table, users: pa.Array, item_ids: Sequence[str]) -> Interactions:
    """Events of a dataset as positions.

    Args:
        events: rows of the dataset's event table, in its order.
        users: the dataset's visitors.
        item_ids: outside names of the catalogue, by row.

    Raises:
        DataError: an event names an item that the catalogue does not have.
    """
    items = _positions(events[ITEM], pa.array(item_ids, pa.string()))
    unknown = np.flatnonzero(items < 0)
    if len(unknown):
        example = events[ITEM][int(unknown[0])].as_py()
        raise DataError(
            f"{len(unknown)} events name items that the bundle's catalogue does not have, for example '{example}'; "
            "evaluate a bundle on the data that it was trained on."
        )
    return Interactions(
        users=_positions(events[USER], users),
        items=items,
        at=events[AT].to_numpy().astype(np.float64),
        num_users=len(users),
        num_items=len(item_ids),
    )


def _positions(names: pa.ChunkedArray, known: pa.Array) -> Array:
    return pc.fill_null(pc.index_in(names, value_set=known), -1).to_numpy().astype(np.int64)

"""The rows of feature tables, from a data set."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, TYPE, USER, Dataset
from winnow.features.columns import columns_of
from winnow.features.fitted import FittedFeatures
from winnow.schema.column import Array
from winnow.stores.feast_files import rows_of
from winnow.stores.feature_table import FeatureTable, item_table, user_table, window_tables
from winnow.training.window_columns import WindowColumns, window_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class FeastRows:
    """What a data set says, as a feature store keeps it.

    Attributes:
        dataset: the rows.
        windows: compute what users did lately, by the function that serves.
        now: UTC seconds.
    """

    dataset: Dataset
    windows: WindowColumns
    now: float

    @property
    def first(self) -> float:
        """UTC seconds before which nothing is known to have happened; now where nothing has."""
        logged = (self.dataset.events, self.dataset.impressions)
        return min([self.now, *(table[AT][0].as_py() for table in logged if table is not None and table.num_rows)])

    @property
    def last(self) -> float:
        """UTC seconds of the last event, before all time where there is none."""
        return self.dataset.events[AT][-1].as_py() if self.dataset.events.num_rows else 0.0

    def tables(self) -> Iterator[tuple[FeatureTable, pa.Table]]:
        """Each table with its rows."""
        schema = self.dataset.schema
        for table, given in ((user_table(schema), self.dataset.users), (item_table(schema), self.dataset.items)):
            if table is not None:
                yield table, self._described(table, given)
        for name, table in window_tables(schema).items():
            yield table, self._window(name, table)

    def _described(self, table: FeatureTable, given: pa.Table) -> pa.Table:
        """Nobody says since when it holds: since ever; and again since now, for online stores keep what is newest."""
        since = np.repeat([microseconds(self.first), microseconds(self.now)], given.num_rows)
        return rows_of(table, pa.concat_tables([given, given]), since, self.now)

    def _window(self, name: str, table: FeatureTable) -> pa.Table:
        """A row for each instant at which the column may change: behind an event, and behind the end of its window."""
        events, since = self.dataset.events.slice(0, 0), np.array([], np.int64)
        for window in self.windows.windows:
            if window.column == name:
                counted = pa.array([str(each) for each in window.types])
                events = self.dataset.events.filter(pc.is_in(self.dataset.events[TYPE], counted))
                behind = microseconds(events[AT].to_numpy()) + 1
                since = np.concatenate([behind, behind + round(window.over_s * 1e6)])
        asked = pa.table({USER: pa.concat_tables([events, events])[USER]})
        told = self.windows.appended(asked, since / 1e6)
        if name not in told.column_names:
            told = told.append_column(name, pa.nulls(len(since), pa.string()))
        return rows_of(table, told, since, self.now)


def feast_rows(dataset: Dataset, items: FittedFeatures, now: float) -> FeastRows:
    """Arranges a data set.

    Args:
        dataset: of the schema of a bundle.
        items: the bundle's features of items.
        now: UTC seconds.
    """
    return FeastRows(dataset=dataset, windows=windows_of(dataset, items), now=now)


def windows_of(dataset: Dataset, items: FittedFeatures) -> WindowColumns:
    """What users did lately, in the words that a bundle knows."""
    known = columns_of(dataset.items, items.columns) if dataset.schema.windows else {}
    codes = items.packed(known, dataset.items.num_rows).codes
    return window_columns(dataset, dataset.events, items, codes)


def microseconds(at: Array | float) -> Array:
    """int64, of UTC seconds."""
    return np.round(np.asarray(at, np.float64) * 1e6).astype(np.int64)


def described(dataset: Dataset, users: pa.ChunkedArray, table: FeatureTable) -> pa.Table:
    """What a data set itself says of users, null for those whom it does not describe.

    Args:
        dataset: has the users.
        users: N names.
        table: names the columns.
    """
    place = pc.index_in(users, dataset.users[USER].combine_chunks())
    return dataset.users.select(list(table.columns)).take(place.combine_chunks())

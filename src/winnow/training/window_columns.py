"""What users had done most with, as of any instants of a table: by the function that serves."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.features.fitted import FittedFeatures
from winnow.features.window_feature import WindowFeature, window_features
from winnow.schema.column import Array, offsets_of
from winnow.training.visitor_events import EventOrder

ROWS_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowColumns:
    """The raw columns of windows, for rows of tables that lack them.

    Attributes:
        windows: what to compute.
        users: names of U users.
        codes: int32 [I, Fc], of the items.
        orders: the users' events by the types that count.
    """

    windows: tuple[WindowFeature, ...]
    users: pa.Array
    codes: Array
    orders: Mapping[tuple[str, ...], EventOrder]

    def appended(self, table: pa.Table, at: Array | None = None) -> pa.Table:
        """The table with a column of text for each window.

        Args:
            table: N rows with the column `user_id`.
            at: float64 [N], UTC seconds; by default the rows' own instants. Only what is strictly before counts.
        """
        if not self.windows:
            return table
        who, at = _places(table[USER], self.users), table[AT].to_numpy() if at is None else at
        for window in self.windows:
            top = self._top(window, who, at)
            words = pa.array(window.words, pa.string())
            column = pa.DictionaryArray.from_arrays(pa.array(top, pa.int32(), mask=top < 0), words)
            table = table.append_column(window.column, column)
        return table

    def _top(self, window: WindowFeature, who: Array, at: Array) -> Array:
        """int64 [N], some rows at a time, so that their events are never all in memory."""
        order, top = self.orders[window.types], np.empty(len(who), np.int64)
        for start in range(0, len(who), ROWS_AT_ONCE):
            some = slice(start, start + ROWS_AT_ONCE)
            known = order.before(who[some], at[some])
            starts = np.maximum(known.starts, known.ends - window.last_events)
            offsets = offsets_of(known.ends - starts)
            places = np.repeat(starts - offsets[:-1], np.diff(offsets)) + np.arange(offsets[-1])
            ages = np.repeat(at[some], np.diff(offsets)) - known.at[places]
            top[some] = window.top(self.codes[known.items[places], window.place], ages, offsets)
        return top


def window_columns(dataset: Dataset, events: pa.Table, fitted: FittedFeatures, codes: Array) -> WindowColumns:
    """Arranges events for the windows of a data set's schema.

    Args:
        dataset: names the windows and the I items.
        events: some or all of its events; those that are not before an instant say nothing of it.
        fitted: features of the items.
        codes: int32 [I, Fc], what they made of the items.
    """
    windows = window_features(dataset.schema, fitted)
    users = pc.unique(events[USER]) if windows else pa.array([], pa.string())
    orders = dict[tuple[str, ...], EventOrder]()
    for types in {each.types for each in windows}:
        counted = events.filter(pc.is_in(events[TYPE], pa.array([str(each) for each in types])))
        whose, rows = _places(counted[USER], users), _places(counted[ITEM], dataset.items[ITEM].combine_chunks())
        orders[types] = EventOrder.of(whose, counted[AT].to_numpy(), rows)
    return WindowColumns(windows=windows, users=users, codes=codes, orders=orders)


def _places(names: pa.ChunkedArray, known: pa.Array) -> Array:
    """int64 [N], positions among the known; -1: none."""
    return np.asarray(pc.fill_null(pc.index_in(names, known), -1), np.int64)

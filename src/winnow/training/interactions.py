"""Training events in columns, arranged so that every example finds its user's past in one look-up."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.schema.column import Array, Bools, Ragged, offsets_of
from winnow.schema.schema import EventType, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """Positives of N examples, and the histories before them.

    Attributes:
        event_rows: int64 [N], rows of the event table.
        user_ids: outside names of the examples' users, by `users`.
        users: int64 [N], positions in `user_ids`.
        items: int64 [N], item rows of the positives.
        at: float64 [N], UTC seconds.
        history_items: int64 [H], item rows of all history events, by user and time.
        history_types: int8 [H], positions in `tuple(EventType)`.
        history_at: float64 [H], UTC seconds.
        first: bool [N], whether the user never had a positive on the item before.
        history_start, history_end: int64 [N]; the example's past is `history_items[start:end]`, strictly before `at`.
    """

    event_rows: Array
    user_ids: Array
    users: Array
    items: Array
    at: Array
    first: Bools
    history_items: Array
    history_types: Array
    history_at: Array
    history_start: Array
    history_end: Array

    def __len__(self) -> int:
        return len(self.items)

    def past(self, examples: Array, length: int) -> Ragged:
        """Where the last events before each example are among the history's, oldest first."""
        end = self.history_end[examples]
        size = np.minimum(end - self.history_start[examples], length)
        offsets = offsets_of(size)
        return Ragged(np.repeat(end - offsets[1:], size) + np.arange(offsets[-1]), offsets)


def interactions_of(events: pa.Table, items: pa.Table, schema: Schema) -> Interactions:
    """Arranges a data set's events.

    Args:
        events: in the form of `Dataset.events`.
        items: in the form of `Dataset.items`; item rows are its rows.
        schema: names the positive types and the history's types.
    """
    encoded = pc.dictionary_encode(events[USER].combine_chunks())
    user = np.asarray(encoded.indices)
    item = np.asarray(pc.index_in(events[ITEM], items[ITEM].combine_chunks()))
    kind = np.asarray(pc.index_in(events[TYPE], pa.array([str(each) for each in EventType])))
    at = np.asarray(events[AT], np.float64)
    order = np.lexsort((at, user))
    user, item, kind, at = user[order], item[order], kind[order], at[order]

    codes = {str(each): code for code, each in enumerate(EventType)}
    in_history = np.isin(kind, [codes[each] for each in schema.history.types])
    before = np.concatenate([[0], np.cumsum(in_history)])
    examples = np.flatnonzero(np.isin(kind, [codes[each] for each in schema.events.positives]))
    new_user = np.concatenate([[True], user[1:] != user[:-1]]) if len(user) else np.empty(0, bool)
    new_instant = new_user | np.concatenate([[True], at[1:] != at[:-1]]) if len(user) else new_user
    return Interactions(
        event_rows=order[examples],
        user_ids=np.asarray(encoded.dictionary.to_pylist(), object),
        users=user[examples].astype(np.int64),
        items=item[examples].astype(np.int64),
        at=at[examples],
        first=_first(user[examples], item[examples]),
        history_items=item[in_history].astype(np.int64),
        history_types=kind[in_history].astype(np.int8),
        history_at=at[in_history],
        history_start=before[_run_starts(new_user)[examples]],
        history_end=before[_run_starts(new_instant)[examples]],
    )


def _first(users: Array, items: Array) -> Bools:
    """Whether each pair, in the order given, was not there before."""
    first = np.zeros(len(users), bool)
    pairs = users.astype(np.int64) * (items.max(initial=0) + 1) + items
    first[np.unique(pairs, return_index=True)[1]] = True
    return first


def _run_starts(first: Bools) -> Array:
    """For each position, the position where its run began."""
    return np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))

"""Whether a bundle holds what it is asked for: its event log against the held-out events."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from winnow.data.dataset import ITEM, TYPE, USER
from winnow.evaluation.leaks.coded_events import CodedEvents, instant, positions
from winnow.evaluation.leaks.finding import MOST_ROWS, Evidence, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.schema.column import Array
from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_log import EventLog

TRAINED_UNTIL, LOG, HELD_OUT = "trained until", "the bundle's events", "held-out events in the bundle"


def bundle_overlap(events: SplitEvents, trained: TrainedOn) -> Iterator[Finding]:
    """The manifest's cut and the log's times where time is cut; the held-out events themselves for any split."""
    if events.cut is not None:
        yield _trained_until(trained.train_until, events.cut)
        yield _late_events(trained.log, events.cut)
    yield _held_out_in_log(events.test, trained.log)


def _trained_until(train_until: float | None, cut: float) -> Finding:
    until = cut if train_until is None else train_until
    later = until > cut
    return Finding(
        check=TRAINED_UNTIL,
        severity="leak" if later else "none",
        sentence=f"The bundle was trained until {instant(until)}; the test time begins {instant(cut)}"
        + (f", {until - cut:,.0f} seconds earlier." if later else "."),
    )


def _late_events(log: EventLog, cut: float) -> Finding:
    late = np.flatnonzero(log.at >= cut)
    return Finding(
        check=LOG,
        severity="leak" if len(late) else "none",
        sentence=f"{len(late):,} of {len(log.at):,} events in the bundle lie at or after the cut, {instant(cut)}.",
        evidence=_rows_of(log, late),
    )


def _rows_of(log: EventLog, rows: Array) -> Evidence:
    """The log knows items by their hashes only."""
    kinds, users = tuple(EventType), np.searchsorted(log.offsets, rows[:MOST_ROWS], side="right") - 1
    return tuple(
        {USER: log.user_ids[user], TYPE: str(kinds[log.types[row]]), "at": instant(float(log.at[row]))}
        for user, row in zip(users.tolist(), rows[:MOST_ROWS].tolist(), strict=True)
    )


def _held_out_in_log(test: CodedEvents, log: EventLog) -> Finding:
    known = np.flatnonzero(in_log(test, log))
    return Finding(
        check=HELD_OUT,
        severity="leak" if len(known) else "none",
        sentence=f"{len(known):,} of {len(test):,} held-out events (user, item, type and time) are in the bundle's "
        "event log.",
        evidence=test.first_rows(known),
    )


def in_log(test: CodedEvents, log: EventLog) -> Array:
    """bool [N], whether the log holds each event: the same user, item, type and time."""
    owners = np.repeat(np.arange(len(log.user_ids)), np.diff(log.offsets))
    owner = positions(test.table[USER], pa.chunked_array([log.user_ids], pa.string()))
    items = test.table[ITEM].combine_chunks().dictionary_encode()
    hashes = stable_hashes(items.dictionary.to_pylist())
    hashes = hashes[np.asarray(items.indices)] if len(hashes) else np.empty(0, np.uint64)
    ours, theirs = owner + 1j * test.at, owners + 1j * log.at
    near = np.flatnonzero(np.isin(theirs, ours))  # the same user and time; few are left to be compared whole
    told = _keys(theirs[near], log.item_hashes[near], log.types[near])
    return np.isin(_keys(ours, hashes, test.types), told)


def _keys(moments: Array, hashes: Array, types: Array) -> Array:
    """One value for each event, with all four in it."""
    keys = np.empty(len(moments), [("moment", "c16"), ("item", "u8"), ("type", "i8")])
    keys["moment"], keys["item"], keys["type"] = moments, hashes, types
    return keys

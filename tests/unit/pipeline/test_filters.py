from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import SeenSets, candidates_of, catalogue_of, knowing, requests_of, seen_filter
from winnow.pipeline.filters import AllowedFilter, ExcludeFilter, WantedFilter
from winnow.schema.column import Ragged
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.seen_bitmaps import SeenBitmaps
from winnow.stores.seen_days import days_of
from winnow.stores.seen_layout import SeenConfig, seen_levels

NUM_ITEMS = 4
MASKS = st.lists(st.booleans(), min_size=NUM_ITEMS, max_size=NUM_ITEMS)
ROWS = st.lists(st.integers(0, NUM_ITEMS - 1), max_size=5)


def test_items_that_the_catalogue_does_not_allow_are_removed():
    keep = AllowedFilter(catalogue=catalogue_of(3, allowed=[True, False, True]))
    candidates = candidates_of([[0, 1], [], [2, 1, 0]])
    assert keep.keep(requests_of(["", "", ""]), candidates).tolist() == [True, False, True, False, True]


@given(st.lists(st.tuples(ROWS, st.lists(st.integers(-1, NUM_ITEMS - 1), max_size=4)), max_size=4))
def test_each_request_loses_what_it_excludes_and_no_other_does(batch):
    requests = requests_of([""] * len(batch), exclude=[excluded for _, excluded in batch])
    kept = ExcludeFilter(num_items=NUM_ITEMS).keep(requests, candidates_of([rows for rows, _ in batch]))
    assert kept.tolist() == [row not in excluded for rows, excluded in batch for row in rows]
    assert kept.dtype == np.bool_


def test_an_unknown_item_excludes_nothing_for_the_request_before_either():
    requests = requests_of(["", ""], exclude=[[], [-1]])
    last = candidates_of([[NUM_ITEMS - 1], [NUM_ITEMS - 1]])
    assert ExcludeFilter(num_items=NUM_ITEMS).keep(requests, last).tolist() == [True, True]


@given(
    st.lists(st.tuples(ROWS, st.none() | st.lists(st.booleans(), min_size=NUM_ITEMS, max_size=NUM_ITEMS)), max_size=4)
)
def test_each_request_keeps_what_it_wants_and_who_filters_nothing_keeps_all(batch):
    filters = tuple(None if wanted is None else np.array(wanted) for _, wanted in batch)
    requests = replace(requests_of([""] * len(batch)), filters=filters)
    kept = WantedFilter().keep(requests, candidates_of([rows for rows, _ in batch]))
    assert kept.tolist() == [wanted is None or wanted[row] for rows, wanted in batch for row in rows]


@pytest.mark.parametrize("kept_of", [0, 3])
def test_what_a_user_has_had_is_hidden_from_that_user_only(kept_of, monkeypatch):
    monkeypatch.setattr("winnow.pipeline.filters.PLACES_KEPT", kept_of)
    catalogue = catalogue_of(3)
    store = SeenSets({"ann": {int(catalogue.hashes[1])}, "bob": {int(catalogue.hashes[0])}})
    requests = knowing(requests_of(["ann", "", "bob"]), store, catalogue)
    kept = seen_filter(catalogue).keep(requests, candidates_of([[0, 1], [0, 1], [0, 1]]))
    assert kept.tolist() == [True, False, True, True, False, True]


@pytest.mark.parametrize("kept_of", [0, 40])
def test_what_bitmaps_know_is_hidden_whether_places_are_kept_or_worked_out(kept_of, monkeypatch):
    monkeypatch.setattr("winnow.pipeline.filters.PLACES_KEPT", kept_of)
    catalogue = catalogue_of(40)
    seen = SeenBitmaps(days=7, levels=seen_levels(SeenConfig()))
    for row in (1, 5, 30):
        seen.add(int(catalogue.hashes[row]), 0.0, 0)
    requests = knowing(requests_of(["ann"]), SeenSets({}), catalogue)
    days = days_of([seen.until(0)])
    requests = requests.with_columns({"seen_bits": days.bits, "seen_sizes": days.sizes})
    kept = seen_filter(catalogue).keep(requests, candidates_of([list(range(40))]))
    assert np.flatnonzero(~kept).tolist() == [1, 5, 30], "no other item falls on their bits"


@given(
    events=st.lists(st.tuples(st.integers(-1, 3), st.sampled_from(["impression", "click", "view"]))),
    after=st.integers(0, 3),
)
def test_what_was_shown_often_enough_counts_as_had(events, after):
    catalogue = catalogue_of(4)
    types = np.array([CODE_OF_TYPE[type] for _, type in events], np.int8)
    offsets = np.array([0, 0, len(events)])
    known = {
        "event_rows": Ragged(np.array([row for row, _ in events], np.int64), offsets),
        "event_types": Ragged(types, offsets),
        "seen_bits": Ragged(np.empty(0, np.uint8), np.zeros(3, np.int64)),
        "seen_sizes": Ragged(np.empty(0, np.int64), np.zeros(3, np.int64)),
    }
    kept = replace(seen_filter(catalogue), impressions=after).keep(
        requests_of(["", "ann"], columns=known), candidates_of([[0, 3], [0, 1, 2, 3]])
    )
    shown = [row for row, type in events if type == "impression"]
    had = {row for row, type in events if type == "click"} | {
        row for row in shown if after and shown.count(row) >= after
    }
    assert kept.tolist() == [True, True, *(row not in had for row in range(4))]

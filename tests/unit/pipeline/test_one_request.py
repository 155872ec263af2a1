"""A request alone takes shorter ways; they must lead to where it gets among others."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.had_hydrator import HadHydrator
from winnow.pipeline.picking import first, ranked
from winnow.pipeline.sources.best_sums import best_sums
from winnow.pipeline.state_hydrator import last_events
from winnow.schema.column import Ragged

NUM_ITEMS = 7
EVENTS = st.lists(st.tuples(st.integers(-1, NUM_ITEMS - 1), st.integers(0, 1)), max_size=12)
COUNTED = np.array([True, False])


def asking(*users):
    """Requests of users who did these things, (item row, type) each, oldest first."""
    offsets = np.cumsum([0, *map(len, users)])
    rows, types = (np.array([event[part] for user in users for event in user], np.int64) for part in (0, 1))
    columns = {"event_rows": Ragged(rows, offsets), "event_types": Ragged(types, offsets)}
    return requests_of([""] * len(users), k=[3] * len(users)).with_columns(columns)


@given(EVENTS, EVENTS, st.integers(0, 5))
def test_the_last_events_are_the_same(own, other, n):
    places, offsets = last_events(asking(own), n, COUNTED)
    among, ends = last_events(asking(own, other), n, COUNTED)
    assert places.tolist() == among[: ends[1]].tolist()
    assert offsets.tolist() == ends[:2].tolist()


@given(EVENTS, EVENTS)
def test_what_was_had_is_the_same(own, other):
    hydrator = HadHydrator(num_items=NUM_ITEMS, counted=COUNTED)
    alone, both = hydrator.columns(asking(own)), hydrator.columns(asking(own, other))
    for name in ("had", "had_times"):
        assert alone[name].row(0).tolist() == both[name].row(0).tolist()


VOTES = st.lists(st.tuples(st.integers(0, NUM_ITEMS - 1), st.integers(-2, 3)), max_size=9)


@given(VOTES, VOTES, st.integers(1, 4))
def test_the_best_sums_are_the_same(own, other, k):
    def summed(*users):
        offsets = np.cumsum([0, *map(len, users)])
        rows, weights = ([vote[part] for user in users for vote in user] for part in (0, 1))
        return best_sums(Ragged(np.array(rows, np.int64), offsets), np.array(weights, np.float32), NUM_ITEMS, k)

    alone, both = summed(own), summed(own, other)
    own_rows = slice(0, int(both.offsets[1]))
    assert alone.item_rows.tolist() == both.item_rows[own_rows].tolist()
    assert alone.array("score").tolist() == both.array("score")[own_rows].tolist()


SCORED = st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.0, np.nan]), st.booleans()), max_size=6)


@given(SCORED, SCORED)
def test_the_first_are_the_same(own, other):
    def picked(*users):
        scores, seen = ([each[part] for user in users for each in user] for part in (0, 1))
        candidates = candidates_of([list(range(len(user))) for user in users], score=scores)
        candidates = candidates.with_columns({"seen": np.array(seen, bool)})
        order = ranked(candidates, candidates.array("score"))
        return first(requests_of([""] * len(users), k=[3] * len(users)), candidates, order, np.ones(len(order)))

    alone, both = picked(own), picked(own, other)
    assert alone.rows.tolist() == both.rows[: both.offsets[1]].tolist()
    assert alone.offsets.tolist() == both.offsets[:2].tolist()


def test_more_columns_are_all_that_changes():
    request = asking([(1, 0)])
    changed = request.with_columns({"x": np.zeros(1)})
    same = [each.name for each in fields(request) if each.name != "columns"]
    assert all(getattr(changed, name) is getattr(request, name) for name in same)
    assert set(changed.columns) == {*request.columns, "x"}

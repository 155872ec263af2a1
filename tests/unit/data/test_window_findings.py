"""Who outgrows a window is told with numbers, by a loop over all events as the measure."""

from dataclasses import replace

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from winnow.data.window_findings import window_findings
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import Vocabulary
from winnow.schema.window import Window

WINDOW = Window(of="style", over_hours=1, types=("click", "cart"), last_events=2)
EVENT = st.tuples(
    st.sampled_from(["ann", "bob", "eve"]),
    st.sampled_from(["click", "cart", "view"]),
    st.sampled_from([0.0, 1800.0, 3600.0, 5400.0, 9000.0]),
)


def found(events, window=WINDOW):
    style = Feature(name="style", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary())
    top = Feature(name="top", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(), window=window)
    users, types, at = zip(*events, strict=True) if events else ((), (), ())
    table = pa.table(
        {
            "user_id": pa.array(users, pa.string()),
            "event_type": pa.array(types, pa.string()),
            "at": pa.array(at, pa.float64()),
        }
    )
    return list(window_findings(table, Schema(features=(style, top))))


def most(events):
    """Of each user who outgrows the window, the most events within it."""
    counted = [(user, at) for user, type_, at in events if type_ in WINDOW.types]
    within = [
        (user, sum(other == user and at - 3600 <= before <= at for other, before in counted)) for user, at in counted
    ]
    return {user: count for user, count in sorted(within, key=lambda each: each[1]) if count > WINDOW.last_events}


@given(st.lists(EVENT, max_size=12))
def test_who_outgrows_a_window_is_told_and_nobody_else(events):
    expected = most(events)
    told = found(events)
    assert len(told) == bool(expected)
    if expected:
        (finding,) = told
        assert finding.count == len(expected)
        assert finding.example.removeprefix("user_id=") in expected
        assert finding.problem == (
            "users did more within 1 hours than the last 2 events, at which the window 'top' looks (last_events); "
            f"at most it was {max(expected.values())}"
        )


def test_a_window_that_looks_at_enough_is_not_told():
    events = [("ann", "click", float(n)) for n in range(5)]
    assert found(events)
    assert not found(events, replace(WINDOW, last_events=5))

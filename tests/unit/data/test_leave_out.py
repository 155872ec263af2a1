import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.data import split as splits
from winnow.data.dataset import Dataset
from winnow.data.leave_out import LeaveLastOut, leave_last_out
from winnow.data.report import DataReport
from winnow.schema.errors import DataError
from winnow.schema.schema import Schema

VISITS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from(["view", "click"])))
CLICKS = [*"aaaab", *"bca"]


def shop(visits):
    users, items, types = zip(*visits, strict=True) if visits else ((), (), ())
    columns = {"user_id": users, "item_id": items, "event_type": types}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Dataset(
        schema=Schema(features=()),
        users=pa.table({"user_id": pa.array([], pa.string())}),
        items=pa.table({"item_id": list("xyz")}),
        events=table.append_column("at", pa.array(range(len(users)), pa.float64())),
        report=DataReport(rows_read={}, rows_kept={}),
        source="by hand",
    )


def sides(events, n):
    """Where each event goes, by walking through every user's events one by one."""
    side = ["training"] * len(events)
    for user in {each["user_id"] for each in events}:
        own = [row for row, each in enumerate(events) if each["user_id"] == user]
        clicks = [row for row in own if events[row]["event_type"] == "click"]
        for row in own if len(clicks) > n else []:
            if row >= clicks[-n]:
                side[row] = "validation" if row < clicks[-1] else "test" if row == clicks[-1] else "nothing"
    return side


@given(VISITS, st.integers(1, 3))
def test_every_event_goes_where_a_walk_through_its_users_events_puts_it(visits, n):
    dataset, split = shop(visits), LeaveLastOut(events=n)
    expected = sides(dataset.events.to_pylist(), n)
    for side in ("training", "validation", "test"):
        assert getattr(split, side)(dataset).tolist() == [each == side for each in expected]


def test_the_last_two_of_everybody_with_three_are_left_out():
    dataset = shop([(user, "x", "click") for user in CLICKS])
    split = leave_last_out(dataset, 2)
    assert splits.train_events(dataset, split)["at"].to_pylist() == [0, 1, 2, 4, 5, 6], "b has two and c has one: whole"
    assert splits.validation_events(dataset, split)["at"].to_pylist() == [3]
    assert splits.test_events(dataset, split)["at"].to_pylist() == [7]


def test_leaving_out_one_trains_on_the_last_but_one():
    dataset = shop([(user, "x", "click") for user in CLICKS])
    split = leave_last_out(dataset, 1)
    assert splits.train_events(dataset, split)["at"].to_pylist() == [0, 1, 2, 3, 4, 6]
    assert splits.validation_events(dataset, split).num_rows == 0
    assert splits.test_events(dataset, split)["at"].to_pylist() == [5, 7]


def test_what_follows_the_last_positive_is_not_read():
    """A purchase after the very view that is asked for would give it away."""
    dataset = shop([(*"ax", "click"), (*"ay", "click"), (*"ay", "view")])
    split = LeaveLastOut(events=1)
    assert splits.train_events(dataset, split)["at"].to_pylist() == [0]
    assert splits.test_events(dataset, split)["at"].to_pylist() == [1]


def test_a_split_survives_its_dictionary():
    assert splits.split_from_dict(LeaveLastOut(events=2).to_dict()) == LeaveLastOut(events=2)


def test_more_events_than_anybody_has_are_refused():
    with pytest.raises(DataError, match=r"Nobody has 6 positive events \(click\), so the last 5 cannot be left out"):
        leave_last_out(shop([(user, "x", "click") for user in CLICKS]), 5)


def test_at_least_one_event_is_left_out():
    with pytest.raises(DataError, match="0 events of every user are to be left out; at least 1"):
        leave_last_out(shop([(*"ax", "click")] * 3), 0)

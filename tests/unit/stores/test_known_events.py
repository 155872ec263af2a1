"""Two stores of events read as one, against a sort."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.column import offsets_of
from winnow.stores.known_events import KnownEvents, merged, no_events

USERS = 3
drawn = st.lists(st.tuples(st.integers(0, USERS - 1), st.integers(0, 3), st.integers(1, 2), st.integers(0, 4)))


def known(rows, users=USERS):
    """Rows of user, item, type and instant, each user's by time."""
    ordered = sorted(rows, key=lambda row: (row[0], row[3]))
    counts = np.bincount([row[0] for row in ordered], minlength=users)
    columns = (np.array([row[n] for row in ordered], dtype) for n, dtype in ((1, np.uint64), (2, np.int8), (3, float)))
    return KnownEvents.of(*columns, offsets_of(counts))


def rows_of(events):
    columns = (events.item_hashes, events.types, events.at)
    return [list(zip(*(each.row(user).tolist() for each in columns), strict=True)) for user in range(len(events))]


@given(drawn, drawn, st.sampled_from([1, USERS]))
def test_both_come_by_time_the_past_first_and_what_both_know_once(past, fresh, users):
    past, fresh = ([(user % users, *rest) for user, *rest in rows] for rows in (past, fresh))
    found = rows_of(merged(known(past, users), known(fresh, users)))
    for user in range(users):
        mine = [row for row in past if row[0] == user]
        new = [row for row in fresh if row[0] == user and row not in mine]
        ordered = sorted([*mine, *new], key=lambda row: row[3])
        assert found[user] == [(item, type, float(at)) for _, item, type, at in ordered]


def test_nobody_did_anything():
    assert rows_of(no_events(2)) == [[], []]
    assert rows_of(merged(no_events(2), no_events(2))) == [[], []]

"""A session belongs to whom it was merged into next; the oracle is a walk over the merges."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from winnow.serving.event_log.merged_sessions import Merge, as_merged, merge_of, with_merged
from winnow.stores.log_entry import LogEntry

TIMES = st.integers(0, 6)
NAMES = st.sampled_from(["session:1", "session:2", "ann", "bob"])
MERGES = st.lists(
    st.builds(
        Merge,
        source=st.sampled_from(["session:1", "session:2"]),
        target=st.sampled_from(["ann", "bob"]),
        arrived_at=TIMES,
    ),
    max_size=6,
    unique_by=lambda merge: (merge.source, merge.arrived_at),
)


@given(MERGES, st.lists(st.tuples(NAMES, TIMES), max_size=8))
def test_rows_are_whose_login_came_next(merges, rows):
    names, at = [name for name, _ in rows], np.array([each for _, each in rows], float)
    whose = as_merged(pa.chunked_array([names], pa.string()), at, merges).to_pylist()
    for (name, when), found in zip(rows, whose, strict=True):
        later = [each for each in merges if each.source == name and each.arrived_at >= when]
        assert found == (min(later, key=lambda each: each.arrived_at).target if later else name)


def test_who_is_forgotten_takes_along_what_their_sessions_had_done_until_then():
    merges = [
        Merge(source="session:1", target="ann", arrived_at=4.0),
        Merge(source="session:2", target="bob", arrived_at=1),
    ]
    assert with_merged({"ann": 5.0}, merges) == {"ann": 5.0, "session:1": 4.0}
    assert with_merged({"ann": 3.0}, merges) == {"ann": 3.0}


def test_an_entry_of_a_merge_says_so_and_others_do_not():
    told = {"kind": "merge", "source": "session:1", "target": "ann", "at": "4"}
    entry = LogEntry(stream="s00", place=(1, 0), arrived_at=9.0, told=told)
    assert merge_of(entry) == Merge(source="session:1", target="ann", arrived_at=9.0)
    assert merge_of(LogEntry(stream="s00", place=(1, 0), arrived_at=9.0, told={"kind": "forget"})) is None

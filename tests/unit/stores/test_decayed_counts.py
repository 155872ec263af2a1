import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.stores.counted_types import counted_types
from winnow.stores.decayed_counts import DecayedCounts
from winnow.stores.event import CODE_OF_TYPE

HALF_LIFE_S = 10.0
EVENTS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["view", "click"]), st.integers(0, 60)), max_size=20)


def counted(events, types, now):
    counts = DecayedCounts(HALF_LIFE_S)
    for item, kind, at in events:
        counts.add(item, CODE_OF_TYPE[kind], float(at))
    hashes, weights = counts.of(counted_types(types), now)
    return {item: weights[hashes == item].sum() for item in set(hashes.tolist())}


@given(EVENTS, st.integers(60, 90))
def test_weights_halve_with_age_in_whatever_order_events_come(events, now):
    found = counted(events, ["view", "click"], float(now))
    assert set(found) == {item for item, _, _ in events}
    for item, weight in found.items():
        assert weight == pytest.approx(sum(0.5 ** ((now - at) / HALF_LIFE_S) for each, _, at in events if each == item))


def test_types_that_do_not_count_are_left_out_and_nothing_is_nothing():
    assert counted([(1, "view", 5), (2, "click", 5)], ["click"], 5.0) == {2: 1.0}
    hashes, weights = DecayedCounts(1.0).of(counted_types(["click"]), 0.0)
    assert (hashes.dtype, weights.dtype, len(hashes)) == (np.uint64, np.float64, 0)


def test_ages_without_end_weigh_nothing_and_do_not_fail():
    assert counted([(1, "view", 0)], ["view"], 1e300) == {1: 0.0}

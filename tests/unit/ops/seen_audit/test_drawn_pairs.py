import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.ops.seen_audit.drawn_pairs import drawn_unseen, shares


@given(counts=st.lists(st.integers(0, 50), max_size=20), wanted=st.integers(0, 400))
def test_there_are_as_many_pairs_as_wanted_or_all_and_nobody_gives_more_than_others_who_have_them(counts, wanted):
    taken = shares(counts, wanted)
    assert sum(taken) == min(wanted, sum(counts))
    assert all(0 <= each <= most for each, most in zip(taken, counts, strict=True))
    short = [each for each, most in zip(taken, counts, strict=True) if each < most]
    assert not short or max(taken) - min(short) <= 1


def test_rows_are_drawn_once_each_and_never_one_that_was_had():
    generator, times = np.random.default_rng(0), np.zeros(20, int)
    for _ in range(2_000):
        drawn = drawn_unseen(np.array([3, 7]), 20, 5, generator)
        assert len(set(drawn.tolist())) == 5
        times[drawn] += 1
    assert times[[3, 7]].tolist() == [0, 0]
    unseen = np.delete(times, [3, 7])
    assert abs(unseen - 2_000 * 5 / 18).max() < 100


def test_who_had_all_gives_nothing():
    assert drawn_unseen(np.arange(4), 4, 0, np.random.default_rng(0)).tolist() == []

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import items, lists, ragged_of
from winnow.pipeline.sources import best_sums as module
from winnow.pipeline.sources.best_sums import best_of_each, best_sums

VOTES = st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 3)), max_size=12), max_size=4)


def expected(votes, k):
    found = []
    for row in votes:
        sums = Counter()
        for item, weight in row:
            sums[item] += weight
        best = sorted((item for item, total in sums.items() if total > 0), key=lambda item: (-sums[item], item))
        found.append([(item, sums[item]) for item in best[:k]])
    return found


@pytest.mark.parametrize("cells", [0, module.DENSE_CELLS])
@given(votes=VOTES, k=st.integers(1, 8))
def test_sums_are_those_of_a_slow_loop_whichever_way_they_are_made(cells, votes, k):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "DENSE_CELLS", cells)
        weights = np.array([weight for row in votes for _, weight in row], np.float32)
        found = best_sums(ragged_of([[item for item, _ in row] for row in votes]), weights, 6, k)
    pairs = zip(items(found), lists(found.array("score"), found.offsets), strict=True)
    assert [list(zip(rows, scores, strict=True)) for rows, scores in pairs] == expected(votes, k)


@given(st.lists(st.lists(st.integers(0, 4), max_size=7), min_size=1, max_size=4), st.integers(1, 8))
def test_the_best_of_each_request_come_first_and_equals_by_place(rows, k):
    scores = ragged_of(rows)
    best, offsets = best_of_each(scores.values.astype(np.float32), scores.offsets, k)
    starts = scores.offsets.tolist()
    wanted = [
        [start + place for place in sorted(range(len(row)), key=lambda place: (-row[place], place))[:k]]
        for start, row in zip(starts, rows, strict=False)
    ]
    assert lists(best, offsets) == wanted

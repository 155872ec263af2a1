"""Lists that changes replace, one by one."""

import numpy as np
import pytest

from winnow.index.exact_index import ExactIndex
from winnow.index.ivf_index import IvfIndex

GENERATOR = np.random.default_rng(3)
VECTORS = GENERATOR.normal(size=(2_000, 8)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(10, 8)).astype(np.float32)
INDEX = IvfIndex.build(VECTORS, VECTORS[:99], num_lists=20, num_probes=20)


def test_a_change_replaces_the_lists_that_it_touches_and_no_other():
    row = 7
    changed = INDEX.without(np.array([row]))
    assert changed.lists.numbers.tolist() == [INDEX.lists.list_of[row]]
    assert changed.lists.built is INDEX.lists.built
    assert changed.without(np.array([row])).lists.numbers.tolist() == changed.lists.numbers.tolist()


def test_a_row_that_moves_leaves_its_old_list():
    far = (-VECTORS[7])[None]
    moved = INDEX.with_items(np.array([7]), far)
    assert set(moved.lists.numbers.tolist()) == {INDEX.lists.list_of[7], moved.lists.list_of[7]}
    exact = ExactIndex(vectors=VECTORS).with_items(np.array([7]), far)
    for one, other in zip(moved.search(QUERIES, 2_000), exact.search(QUERIES, 2_000), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_a_list_that_was_emptied_stays_empty_until_something_comes():
    rows = np.flatnonzero(INDEX.lists.list_of == 3)
    emptied = INDEX.without(rows)
    found = emptied.search(QUERIES, 2_000)[0]
    assert not np.isin(found, rows).any()
    assert ((found >= 0).sum(axis=1) == 2_000 - len(rows)).all()
    back = emptied.with_items(rows[:2], VECTORS[rows[:2]])
    assert np.isin(rows[:2], back.search(VECTORS[rows[:1]], 2_000)[0]).all()


def test_the_index_before_a_change_answers_as_before():
    before = INDEX.search(QUERIES, 50)[0]
    index = INDEX
    for row in range(30):
        index = index.with_items(np.array([row]), np.full((1, 8), 9.0, np.float32)).without(np.array([row + 100]))
    np.testing.assert_array_equal(INDEX.search(QUERIES, 50)[0], before)
    assert set(index.search(np.ones((1, 8), np.float32), 30)[0][0].tolist()) == set(range(30))


def test_a_changed_index_is_not_saved_as_if_it_were_the_built_one(tmp_path):
    with pytest.raises(ValueError, match="build it anew"):
        INDEX.without(np.array([1])).save(tmp_path)
    assert not list(tmp_path.iterdir())

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import catalogue_of
from winnow.features.filter_values import FilterWords
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.stable_hash import stable_hashes


def test_rows_are_found_by_name_and_by_hash():
    catalogue = catalogue_of(5)
    names = ["item-3", "nothing", "item-0", "", "item-3"]
    assert catalogue.rows(names).tolist() == [3, -1, 0, -1, 3]
    assert catalogue.rows_of_hashes(stable_hashes(names)).tolist() == [3, -1, 0, -1, 3]
    assert catalogue.row("item-4") == 4
    assert catalogue.row("nothing") == -1


def test_the_smallest_and_the_largest_hash_are_no_item():
    assert catalogue_of(3).rows_of_hashes(np.array([0, 2**64 - 1], np.uint64)).tolist() == [-1, -1]


@pytest.mark.parametrize("size", [0, 3])
def test_no_names_have_no_rows(size):
    catalogue = catalogue_of(size)
    assert catalogue.rows([]).shape == (0,)
    assert catalogue.rows_of_hashes(np.empty(0, np.uint64)).shape == (0,)


def test_an_empty_catalogue_knows_nothing():
    empty = catalogue_of(0)
    assert len(empty) == 0
    assert empty.rows(["item-0"]).tolist() == [-1]
    assert empty.rows_of_hashes(stable_hashes(["item-0"])).tolist() == [-1]


def test_whether_all_are_allowed():
    assert catalogue_of(2).all_allowed
    assert not catalogue_of(2, allowed=[True, False]).all_allowed


@pytest.mark.parametrize("name", ["codes", "values", "tower", "allowed", "cards"])
def test_arrays_of_another_length_are_refused_by_name(name):
    catalogue = catalogue_of(3)
    with pytest.raises(ValueError, match=f"3 items and 2 rows of '{name}'"):
        replace(catalogue, **{name: getattr(catalogue, name)[:2]})
    with pytest.raises(ValueError, match="3 items and 1 rows of 'looks'"):
        replace(catalogue, vectors={"looks": np.zeros((1, 4), np.float32)})


def changed(item_ids, *, allowed=True):
    """Items whose every value is 9."""
    size = len(item_ids)
    like = catalogue_of(size)
    return Catalogue(
        item_ids=tuple(item_ids),
        codes=np.full_like(like.codes, 9),
        values=np.full_like(like.values, 9),
        vectors={name: np.full_like(vectors, 9) for name, vectors in like.vectors.items()},
        tower=np.full((size, like.tower.shape[1]), 9, np.float32),
        cards=tuple({"title": f"new {each}"} for each in item_ids),
        allowed=np.full(size, allowed),
    )


@given(names=st.lists(st.sampled_from([f"item-{row}" for row in range(7)]), unique=True))
def test_changed_items_keep_their_rows_and_new_ones_are_appended(names):
    before = catalogue_of(4)
    kept = {name: getattr(before, name).copy() for name in ("codes", "values", "tower", "allowed", "hashes")}
    after = before.with_items(changed(names))
    new = [each for each in names if before.row(each) < 0]
    assert after.item_ids == (*before.item_ids, *new)
    np.testing.assert_array_equal(after.hashes, stable_hashes(after.item_ids))
    np.testing.assert_array_equal(after.rows_of_hashes(after.hashes), np.arange(len(after)))
    for row, item_id in enumerate(after.item_ids):
        assert after.row(item_id) == row
        given_now = item_id in names
        assert after.cards[row] == ({"title": f"new {item_id}"} if given_now else before.cards[row])
        for name in ("codes", "values", "tower"):
            expected = 9 if given_now else getattr(before, name)[row]
            assert (getattr(after, name)[row] == expected).all()
    assert len(before) == 4
    for name, array in kept.items():
        np.testing.assert_array_equal(getattr(before, name), array)


def test_an_item_that_is_taken_out_keeps_its_row_and_may_come_back():
    before = catalogue_of(3)
    gone = before.without(["item-1", "no such item"])
    assert gone.allowed.tolist() == [True, False, True]
    assert (gone.row("item-1"), gone.all_allowed, before.all_allowed) == (1, False, True)
    assert gone.with_items(changed(["item-1"])).all_allowed


def test_an_item_that_comes_twice_is_a_mistake():
    with pytest.raises(ValueError, match="come once each"):
        catalogue_of(2).with_items(changed(["item-1", "item-1"]))


def test_what_changed_items_are_filtered_by_changes_with_them():
    words = {"colour": FilterWords(codes=np.array([0, 0], np.int32), words=("red",))}
    before = replace(catalogue_of(2), filters=words)
    given_now = replace(
        changed(["item-1", "new"]), filters={"colour": FilterWords(codes=np.array([0, -1], np.int32), words=("blue",))}
    )
    assert before.with_items(given_now).filters["colour"].fitting(["red"]).tolist() == [True, False, False]
    assert before.with_items(given_now).filters["colour"].fitting(["blue"]).tolist() == [False, True, False]
    assert before.without(["item-0"]).filters is before.filters
    with pytest.raises(ValueError, match="with the content vectors and filters of the catalogue"):
        before.with_items(changed(["new"]))

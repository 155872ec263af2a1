from dataclasses import replace

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of
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

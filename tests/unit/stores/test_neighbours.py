import numpy as np
import pytest

from winnow.schema.errors import BundleError
from winnow.stores.neighbours import Neighbours

TABLE = Neighbours(
    items=np.array([1, 2, 0], np.int32), weights=np.array([0.5, 0.25, 1], np.float32), offsets=np.array([0, 2, 2, 3])
)


def test_neighbours_of_some_rows_stand_one_after_the_other():
    items, weights, ends = TABLE.of(np.array([2, 0, 1, 2]))
    assert (items.tolist(), weights.tolist()) == ([0, 1, 2, 0], [1, 0.5, 0.25, 1])
    assert ends.tolist() == [0, 1, 3, 3, 4]
    assert TABLE.of(np.array([], np.int64))[2].tolist() == [0]


def test_what_was_saved_is_opened_for_the_same_catalogue_only(tmp_path):
    TABLE.save(tmp_path)
    opened = Neighbours.load(tmp_path, 3)
    for name in ("items", "weights", "offsets"):
        np.testing.assert_array_equal(getattr(opened, name), getattr(TABLE, name))
    with pytest.raises(BundleError, match="of 3 items, and the catalogue has 4"):
        Neighbours.load(tmp_path, 4)


def test_new_items_have_no_neighbours():
    grown = TABLE.with_new(5)
    assert grown.num_items == 5
    assert grown.of(np.array([4, 3, 1]))[2].tolist() == [0, 0, 0, 0]

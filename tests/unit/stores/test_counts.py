import numpy as np
import pytest

from winnow.schema.errors import BundleError
from winnow.stores.counts import CARD_NAME, Counts
from winnow.stores.neighbours import Neighbours

COUNTS = Counts(
    until=100.0,
    half_life_s=7.0,
    trending=np.array([1, 2], np.float32),
    first_at=np.array([3.0, np.inf]),
    repeats=0.25,
    covisited=Neighbours(items=np.array([1], np.int32), weights=np.ones(1, np.float32), offsets=np.array([0, 1, 1])),
)


def test_what_was_saved_is_read_again(tmp_path):
    COUNTS.save(tmp_path)
    read = Counts.load(tmp_path, 2)
    assert (read.until, read.half_life_s, read.repeats) == (100.0, 7.0, 0.25)
    np.testing.assert_array_equal(read.trending, COUNTS.trending)
    np.testing.assert_array_equal(read.first_at, COUNTS.first_at)
    np.testing.assert_array_equal(read.covisited.items, COUNTS.covisited.items)


@pytest.mark.parametrize("text", ["{", "[]", '{"until": 1}'])
def test_a_damaged_card_is_refused_with_a_sentence(tmp_path, text):
    COUNTS.save(tmp_path)
    (tmp_path / CARD_NAME).write_text(text)
    with pytest.raises(BundleError, match="is not the card of counts"):
        Counts.load(tmp_path, 2)


def test_new_items_were_never_had():
    grown = COUNTS.with_new(3)
    assert grown.trending.tolist() == [1, 2, 0]
    assert grown.first_at.tolist() == [3, np.inf, np.inf]
    assert grown.covisited.num_items == 3

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of
from winnow.features.filter_values import FilterNumbers, FilterWords
from winnow.pipeline.catalogue_files import HASHES_FILE, open_catalogue, save_catalogue


@pytest.mark.parametrize("size", [0, 1, 4])
def test_a_catalogue_comes_back_as_it_was(tmp_path, size):
    catalogue = catalogue_of(size, allowed=[row != 2 for row in range(size)], dim=3)
    save_catalogue(catalogue, tmp_path)
    found = open_catalogue(tmp_path)
    assert (found.item_ids, list(found.cards)) == (catalogue.item_ids, list(catalogue.cards))
    assert set(found.vectors) == {"looks"}
    pairs = [(getattr(found, name), getattr(catalogue, name)) for name in ("codes", "values", "tower", "allowed")]
    for array, expected in [*pairs, (found.vectors["looks"], catalogue.vectors["looks"])]:
        np.testing.assert_array_equal(array, expected)
        assert array.dtype == expected.dtype


def test_what_requests_filter_by_comes_back_as_it_was_and_is_absent_where_there_is_nothing(tmp_path):
    words = FilterWords(codes=np.array([1, -1, 0], np.int32), words=("ä b", "7"))
    prices = FilterNumbers(values=np.array([1.5, np.nan, 2.0]))
    save_catalogue(replace(catalogue_of(3), filters={"colour": words, "price": prices}), tmp_path)
    found = open_catalogue(tmp_path).filters
    assert list(found) == ["colour", "price"]
    assert found["colour"].words == words.words
    np.testing.assert_array_equal(found["colour"].codes, words.codes)
    np.testing.assert_array_equal(found["price"].values, prices.values)
    (tmp_path / "plain").mkdir()
    save_catalogue(catalogue_of(3), tmp_path / "plain")
    assert open_catalogue(tmp_path / "plain").filters == {}


def test_names_and_cards_may_hold_anything(tmp_path):
    names = ("a\nb", "\u2028", '"', "日本 🙂", " ", "\\")
    cards = [{"title": name, "tags": [name, None], "price": 1.5} for name in names]
    save_catalogue(replace(catalogue_of(len(names)), item_ids=names, cards=cards), tmp_path)
    found = open_catalogue(tmp_path)
    assert (found.item_ids, list(found.cards)) == (names, cards)


def test_the_arrays_stay_on_disk_and_cannot_be_written_to(tmp_path):
    save_catalogue(catalogue_of(3), tmp_path)
    tower = open_catalogue(tmp_path).tower
    assert type(tower) is np.ndarray
    assert isinstance(tower.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        tower[0, 0] = 1.0


def test_hashes_are_read_and_made_again_where_a_bundle_of_before_has_none(tmp_path):
    catalogue = catalogue_of(3)
    save_catalogue(catalogue, tmp_path)
    np.testing.assert_array_equal(open_catalogue(tmp_path).hashes, catalogue.hashes)
    np.save(tmp_path / HASHES_FILE, catalogue.hashes + 1)
    np.testing.assert_array_equal(open_catalogue(tmp_path).hashes, catalogue.hashes + 1)
    (tmp_path / HASHES_FILE).unlink()
    np.testing.assert_array_equal(open_catalogue(tmp_path).hashes, catalogue.hashes)

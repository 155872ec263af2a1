"""The taste space against the explicit computation: one-hot codes, centred, and their main directions."""

from dataclasses import replace

import numpy as np
import pytest

from winnow.features.feature_arrays import FeatureArrays, items_at
from winnow.features.taste_space import CATEGORY, EVERYTHING, NUMBER, VECTOR, TasteSpace, fit_taste_space

ITEMS, SIZES = 15, (0, 5, 3)
"""The first column is which item it is; of the second, code 4 is of no item."""
WIDTH = 4 + 3 + 2 + 3 + 2
"""Of all that is told of an item: codes of items, values and vectors."""


def catalogue() -> FeatureArrays:
    draw = np.random.default_rng(0)
    codes = [np.arange(ITEMS), draw.permutation(np.arange(ITEMS) % 4), draw.permutation(np.arange(ITEMS) % 3)]
    return FeatureArrays(
        codes=np.stack(codes, axis=1).astype(np.int32),
        values=draw.normal(size=(ITEMS, 2)).astype(np.float32),
        vectors={name: draw.normal(size=(ITEMS, width)).astype(np.float32) for name, width in VECTORS},
    )


VECTORS = (("main_picture", 3), ("words", 2))
CATALOGUE = catalogue()
SHOWN = np.random.default_rng(1).integers(0, ITEMS - 3, 300)
TIMES = np.bincount(SHOWN, minlength=ITEMS)


def explicit() -> np.ndarray:
    """[I, WIDTH], centred on what was shown."""
    rows = []
    for row in range(ITEMS):
        hot = [
            CATEGORY * (CATALOGUE.codes[row, 1 + place] == code)
            for place, size in ((0, 4), (1, 3))
            for code in range(size)
        ]
        vectors = [VECTOR * each[row] for each in CATALOGUE.vectors.values()]
        rows.append(np.concatenate([hot, NUMBER * CATALOGUE.values[row], *vectors]))
    table = np.array(rows, np.float64)
    return table - table[SHOWN].mean(axis=0)


@pytest.mark.parametrize("width", [1, 2, 6])
def test_it_is_the_main_directions_of_what_was_shown(width):
    table = explicit()
    covariance = table[SHOWN].T @ table[SHOWN] / len(SHOWN)
    _, directions = np.linalg.eigh(covariance)
    wanted = table @ directions[:, ::-1][:, : width - 1]
    found = fit_taste_space(CATALOGUE, SIZES, TIMES, width)(CATALOGUE)
    assert found.shape == (ITEMS, width)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[:, :-1], wanted * np.sign(found[0, :-1] * wanted[0]), atol=1e-5)
    assert (found[:, -1] == np.float32(EVERYTHING)).all()


def test_with_room_for_all_it_keeps_how_far_items_lie_from_each_other():
    table, found = explicit(), fit_taste_space(CATALOGUE, SIZES, TIMES, 99)(CATALOGUE)
    assert found.shape == (ITEMS, WIDTH + 1)
    np.testing.assert_allclose(found[:, :-1] @ found[:, :-1].T, table @ table.T, atol=1e-5)


def test_what_is_shown_lies_around_nothing():
    found = fit_taste_space(CATALOGUE, SIZES, TIMES, 8)(CATALOGUE)
    np.testing.assert_allclose(found[SHOWN].mean(axis=0), [0] * 7 + [EVERYTHING], atol=1e-5)
    assert np.abs(found[:, :-1].mean(axis=0)).max() > 0.01


def test_the_first_columns_tell_most():
    spread = fit_taste_space(CATALOGUE, SIZES, TIMES, 8)(CATALOGUE)[SHOWN, :-1].var(axis=0)
    assert (np.diff(spread) < 0).all()


def test_a_code_that_no_item_had_says_nothing():
    space = fit_taste_space(CATALOGUE, SIZES, TIMES, 8)
    assert [len(each) for each in space.codes] == list(SIZES)
    new = replace(CATALOGUE, codes=CATALOGUE.codes.copy())
    new.codes[:, 1] = 4
    without = space(CATALOGUE)[:, :-1] - space.codes[1][CATALOGUE.codes[:, 1]]
    np.testing.assert_allclose(space(new)[:, :-1], without, atol=1e-6)
    assert all(each.any(axis=1)[:known].all() for each, known in zip(space.codes[1:], (4, 3), strict=True))


def test_which_item_it_is_says_nothing():
    space = fit_taste_space(CATALOGUE, SIZES, TIMES, 8)
    other = replace(CATALOGUE, codes=CATALOGUE.codes.copy())
    other.codes[:, 0] = 0
    np.testing.assert_array_equal(space(other), space(CATALOGUE))


def test_of_items_with_nothing_but_ids_somebody_may_like_anything_more():
    bare = FeatureArrays(codes=CATALOGUE.codes[:, :1], values=np.empty((ITEMS, 0), np.float32), vectors={})
    found = fit_taste_space(bare, (0,), TIMES, 8)(bare)
    np.testing.assert_array_equal(found, np.full((ITEMS, 1), EVERYTHING, np.float32))


def test_where_nothing_was_shown_there_is_still_a_space():
    found = fit_taste_space(CATALOGUE, SIZES, np.zeros(ITEMS, np.int64), 5)(CATALOGUE)
    assert found.shape == (ITEMS, 5)
    assert np.isfinite(found).all()


def test_what_was_saved_is_opened(tmp_path):
    space = fit_taste_space(CATALOGUE, SIZES, TIMES, 6)
    space.save(tmp_path)
    opened = TasteSpace.load(tmp_path)
    assert list(opened.vectors) == ["main_picture", "words"]
    np.testing.assert_array_equal(opened(CATALOGUE), space(CATALOGUE))


@pytest.mark.parametrize("name", ["vector_of_words", "code_1", "values", "centre"])
def test_vectors_may_have_any_name(tmp_path, name):
    items = replace(CATALOGUE, vectors={name: CATALOGUE.vectors["words"]})
    space = fit_taste_space(items, SIZES, TIMES, 6)
    space.save(tmp_path)
    opened = TasteSpace.load(tmp_path)
    assert list(opened.vectors) == [name]
    np.testing.assert_array_equal(opened(items), space(items))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [0, 2, 40])
def test_likings_are_inner_products_with_the_items_in_the_space(batch, count):
    draw = np.random.default_rng(2)
    space = fit_taste_space(CATALOGUE, SIZES, TIMES, 6)
    tastes = draw.normal(size=(batch, 6)).astype(np.float32)
    rows, of = draw.integers(0, ITEMS, count), draw.integers(0, batch, count)
    found = space.likings(tastes, of, items_at(CATALOGUE, rows))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, (space(CATALOGUE)[rows] * tastes[of]).sum(axis=1), rtol=0, atol=1e-6)

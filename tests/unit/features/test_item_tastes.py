"""What of items is liked, kept or made when it is asked for."""

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of
from winnow.features.feature_arrays import items_at
from winnow.features.item_tastes import ItemTastes
from winnow.features.taste_space import TasteSpace

CATALOGUE = catalogue_of(6)
SPACE = TasteSpace(
    codes=(np.linspace(-1, 1, 6, dtype=np.float32)[:, None],),
    values=np.array([[0.5]], np.float32),
    vectors={"looks": np.array([[-0.25]], np.float32)},
    centre=np.array([0.125], np.float32),
)
MADE = ItemTastes(space=SPACE, items=CATALOGUE)
KEPT = ItemTastes(space=SPACE, items=CATALOGUE, kept=SPACE(CATALOGUE))
TASTES = np.array([[1, -1], [0, 0], [0.5, 3]], np.float32)


@pytest.mark.parametrize("tastes", [MADE, KEPT], ids=["made", "kept"])
@pytest.mark.parametrize("rows", [[], [4], [5, 0, 3, 0]])
def test_items_stand_in_the_space(tastes, rows):
    np.testing.assert_allclose(tastes(np.array(rows, np.int64)), SPACE(CATALOGUE)[rows], atol=1e-6)


@pytest.mark.parametrize("tastes", [MADE, KEPT], ids=["made", "kept"])
@pytest.mark.parametrize(("batch", "of"), [(1, []), (1, [0, 0, 0]), (3, [2, 0, 1, 2]), (3, [])])
def test_likings_are_inner_products_whoever_asks_beside(tastes, batch, of):
    whose, rows = np.array(of, np.int64), np.arange(len(of), dtype=np.int64)
    found = tastes.likings(TASTES[:batch], whose, rows, items_at(CATALOGUE, rows))
    wanted = (SPACE(CATALOGUE)[rows] * TASTES[whose]).sum(axis=1)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    assert found.dtype == np.float32

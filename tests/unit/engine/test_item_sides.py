"""What the click model makes of items: kept and made, it is the same."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of
from winnow.engine.item_sides import EVENT, ItemSides
from winnow.features.feature_arrays import items_at

CATALOGUE = catalogue_of(9)
ROWS = np.array([4, 0, 4, 8])


@dataclass(frozen=True)
class Doubling:
    """Makes vectors and events of an item's values and looks."""

    inputs: dict = field(default_factory=lambda: {"item": ("item_values", "item_vector_looks")})
    outputs: tuple = ("item_vectors", EVENT)

    def __call__(self, arrays):
        assert set(arrays) == {"item_values", "item_vector_looks"}
        return {"item_vectors": 2 * arrays["item_vector_looks"], EVENT: arrays["item_values"] + 1}


WHOLE = Doubling()({"item_values": CATALOGUE.values, "item_vector_looks": CATALOGUE.vectors["looks"]})


@pytest.mark.parametrize("kept", [WHOLE, {}])
def test_candidates_and_events_get_theirs(kept):
    sides = ItemSides(model=Doubling(), catalogue=CATALOGUE, kept=kept)
    found = sides.of_candidates(ROWS, items_at(CATALOGUE, ROWS))
    np.testing.assert_array_equal(found["item_vectors"], 2.0 * ROWS[:, None])
    np.testing.assert_array_equal(sides.events(ROWS), ROWS[:, None] / 2 + 1)


def test_where_the_click_model_makes_nothing_of_items_there_is_nothing():
    assert ItemSides(model=None, catalogue=CATALOGUE, kept={}).of_candidates(ROWS, items_at(CATALOGUE, ROWS)) == {}

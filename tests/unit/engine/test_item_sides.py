"""What the click model makes of items: kept as it is made, and with vectors that many items share kept once."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of
from winnow.engine.item_sides import EVENT, KINDS, VECTORS, ItemSides
from winnow.engine.kind_vectors import KindVectors

CATALOGUE = catalogue_of(9)
ROWS = np.array([4, 0, 4, 8])
NO_KINDS = np.empty((0, 0), np.float32)


@dataclass(frozen=True)
class Doubling:
    """Makes events of an item's values."""

    inputs: dict = field(default_factory=lambda: {"item": ("item_values",)})
    outputs: tuple = (EVENT,)

    def __call__(self, arrays):
        assert set(arrays) == {"item_values"}
        return {EVENT: arrays["item_values"] + 1}


def made(places: int) -> dict:
    """Of the items [9, places, 2]; the first vector is an item's own, others are of three kinds."""
    own, kinds = np.arange(9, dtype=np.float32), np.arange(9, dtype=np.float32) % 3
    vectors = [own[:, None] + [0.5, 0], *(kinds[:, None] + [0, place] for place in range(1, places))]
    return {VECTORS: np.stack(vectors, axis=1).astype(np.float32), "item_pairs": own[:, None], EVENT: own[:, None]}


@pytest.mark.parametrize("kept", [{EVENT: CATALOGUE.values + 1}, {}])
def test_events_are_kept_or_made(kept):
    sides = ItemSides(model=Doubling(), catalogue=CATALOGUE, kept=kept, kinds=NO_KINDS)
    np.testing.assert_array_equal(sides.events(ROWS), ROWS[:, None] / 2 + 1)
    assert EVENT not in sides.of_candidates(ROWS)


@pytest.mark.parametrize(("places", "own"), [(3, 1), (3, 0), (1, 1), (3, 3)])
def test_candidates_get_the_same_to_the_last_bit_however_it_is_kept(places, own):
    whole = made(places)
    kinds = KindVectors(NO_KINDS, own)
    parts = [kinds.apart({name: each[rows] for name, each in whole.items()}) for rows in (slice(0, 4), slice(4, 9))]
    apart = {name: np.concatenate([each[name] for each in parts]) for name in parts[0]}
    assert {name: each.shape for name, each in apart.items()} == {
        VECTORS: (9, own, 2),
        "item_pairs": (9, 1),
        KINDS: (9, places - own),
    }
    found, wanted = (
        ItemSides(model=None, catalogue=CATALOGUE, kept=kept, kinds=table).of_candidates(ROWS)
        for kept, table in ((apart, kinds.table()), (whole, NO_KINDS))
    )
    assert found.keys() == wanted.keys() == {VECTORS, "item_pairs"}
    for name, each in wanted.items():
        np.testing.assert_array_equal(found[name], each, err_msg=name)
        assert found[name].dtype == np.float32


def test_a_kind_is_kept_once_and_keeps_its_number():
    kinds = KindVectors(NO_KINDS, own=1)
    first = kinds.apart(made(3))
    table = kinds.table()
    assert table.shape == (6, 2), "three kinds of two places"
    again = KindVectors(table, own=1)
    more = made(3)
    more[VECTORS][2, 2] = 7.0
    np.testing.assert_array_equal(np.delete(again.apart(more)[KINDS], 2, axis=0), np.delete(first[KINDS], 2, axis=0))
    np.testing.assert_array_equal(again.table(), [*table, [7.0, 7.0]])


def test_where_the_click_model_makes_nothing_of_items_there_is_nothing():
    assert ItemSides(model=None, catalogue=CATALOGUE, kept={}, kinds=NO_KINDS).of_candidates(ROWS) == {}
    assert KindVectors(NO_KINDS, own=0).apart({}) == {}
    assert KindVectors(NO_KINDS, own=0).table().shape == (0, 0)

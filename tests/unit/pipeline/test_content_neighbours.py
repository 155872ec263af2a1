import numpy as np
import pytest

from winnow.pipeline import content_neighbours as module
from winnow.pipeline.content_neighbours import NEIGHBOURS, content_neighbours


def unit(draw, size, width):
    vectors = draw.normal(size=(size, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("cells", [1, module.CELLS_AT_ONCE])
def test_neighbours_are_the_items_with_the_largest_mean_cosine(monkeypatch, cells):
    monkeypatch.setattr(module, "CELLS_AT_ONCE", cells)
    draw, size = np.random.default_rng(0), NEIGHBOURS + 20
    words, looks = unit(draw, size, 4), unit(draw, size, 3)
    looks[5] = 0
    found = content_neighbours({"words": words, "looks": looks}, size)
    mean = (words @ words.T + looks @ looks.T) / 2
    for item in range(size):
        others = [other for other in np.argsort(-mean[item]) if other != item and mean[item, other] > 0][:NEIGHBOURS]
        items, weights, _ = found.of(np.array([item]))
        assert set(items.tolist()) == set(others)
        np.testing.assert_allclose(weights, mean[item, items], atol=1e-6)


def test_without_content_or_others_or_in_a_huge_catalogue_nobody_has_neighbours(monkeypatch):
    monkeypatch.setattr(module, "MOST_ITEMS", 3)
    for vectors, size in (({}, 2), ({"a": np.ones((1, 1), np.float32)}, 1), ({"a": np.ones((4, 1), np.float32)}, 4)):
        found = content_neighbours(vectors, size)
        assert (found.num_items, len(found.items)) == (size, 0)

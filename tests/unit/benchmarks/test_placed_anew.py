"""Pages in another order, and what is clicked on them."""

import numpy as np
import pytest

from benchmarks.placed_anew import drawn_clicks, placed_by
from tests.unit.benchmarks.impressions_of_pages import impressions


def test_the_strongest_of_each_page_stands_first_and_pages_keep_their_places():
    rows = impressions(
        visitors=[7, 7, 7, 7, 3, 3],
        pages_at=[0.0, 0.0, 0.0, 50.0, 0.0, 0.0],
        positions=[1, 2, 5, 1, 3, 4],
        items=range(6),
    )
    assert placed_by(rows, np.array([0.1, 0.3, 0.2, 0.0, 9.0, 8.0])).tolist() == [5, 1, 2, 1, 3, 4]


def test_equals_stand_as_they_did():
    rows = impressions(visitors=[1] * 3, pages_at=[0.0] * 3, positions=[2, 4, 6], items=range(3))
    assert placed_by(rows, np.zeros(3)).tolist() == [2, 4, 6]


def test_random_strength_puts_every_item_everywhere_alike():
    pages = 4_000
    rows = impressions(
        visitors=np.repeat(np.arange(pages), 4),
        pages_at=np.zeros(4 * pages),
        positions=np.tile([1, 2, 3, 4], pages),
        items=np.tile(range(4), pages),
    )
    positions = placed_by(rows, np.random.default_rng(0).random(4 * pages))
    for item in range(4):
        assert np.bincount(positions[rows.items == item])[1:] / pages == pytest.approx([0.25] * 4, abs=0.03)


def test_a_click_wants_a_look_and_a_liking():
    chances, positions, looked = np.tile([0.2, 0.8], 20_000), np.repeat([1, 2], 20_000), np.array([1.0, 0.25])
    clicked = drawn_clicks(chances, positions, looked, np.random.default_rng(0))
    for place in (1, 2):
        for chance in (0.2, 0.8):
            rows = (positions == place) & (chances == chance)
            assert clicked[rows].mean() == pytest.approx(chance * looked[place - 1], abs=0.015)

"""How often places are clicked, against numbers by hand."""

import numpy as np
import pytest

from winnow.models.looks import PLACES
from winnow.training.place_rates import FEW, looks_of, place_rates


def repeated(*parts: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Clicks and positions, from (position, impressions, clicks)."""
    clicked = [np.arange(shown) < clicks for _, shown, clicks in parts]
    return np.concatenate(clicked), np.repeat([part[0] for part in parts], [part[1] for part in parts])


def test_each_place_has_its_share_of_clicks_drawn_to_the_usual_one():
    clicked, positions = repeated((0, 50, 5), (1, 200, 40), (2, 150, 15))
    usual = 60 / 400
    rates = place_rates([(clicked, positions)])
    assert rates.shape == (PLACES + 1,)
    assert rates[0] == pytest.approx((5 + FEW * usual) / (50 + FEW))
    assert rates[1] == pytest.approx((40 + FEW * usual) / (200 + FEW))
    assert rates[2] == pytest.approx((15 + FEW * usual) / (150 + FEW))
    np.testing.assert_allclose(rates[3:], usual)


def test_later_places_count_as_the_last():
    beyond = place_rates([repeated((1, 300, 90), (PLACES, 100, 10), (PLACES + 1, 100, 20), (9_999, 100, 30))])
    np.testing.assert_allclose(beyond, place_rates([repeated((1, 300, 90), (PLACES, 300, 60))]))


def test_pieces_are_counted_as_the_whole():
    clicked, positions = repeated((0, 50, 5), (1, 200, 40), (2, 150, 15))
    pieces = ((clicked[some], positions[some]) for some in (slice(0, 70), slice(70, 71), slice(71, 400)))
    np.testing.assert_array_equal(place_rates(pieces), place_rates([(clicked, positions)]))


def test_a_look_is_the_rate_beside_that_of_the_first_place():
    rates = np.array([0.05, 0.2, 0.1, 0.3, *[0.15] * (PLACES - 3)])
    looked = looks_of(rates, np.array([1, 2, 3, 4, 2, PLACES, PLACES + 7]))
    np.testing.assert_allclose(looked, [1, 0.5, 1, 0.75, 0.5, 0.75, 0.75])


def test_what_stands_at_an_unknown_place_counts_as_looked_at():
    rates = np.array([0.01, *[0.2] * PLACES])
    assert looks_of(rates, np.array([0, 0])).tolist() == [1, 1]


def test_looking_leaves_the_rates_as_they_are():
    rates = np.array([0.01, *[0.2] * PLACES])
    looks_of(rates, np.array([0]))
    assert rates[0] == 0.01


def test_where_nothing_was_clicked_everything_counts_as_looked_at():
    clicked, positions = repeated((0, 5, 0), (1, 50, 0), (2, 50, 0))
    assert (looks_of(place_rates([(clicked, positions)]), positions) == 1).all()

import numpy as np
import pytest

from tests.unit.features.click_rows import rows_of
from winnow.features.cross_fitted_rates import PARTS, cross_fitted_rates
from winnow.features.fit_click_features import fit_click_features


@pytest.fixture
def drawn():
    generator = np.random.default_rng(1)
    texts = [None if each == 9 else f"v{each}" for each in generator.integers(0, 10, 40)]
    return np.array(texts, object), generator.random(40) < 0.4


def rows_with(texts):
    return rows_of(np.zeros((len(texts), 1)), a=list(texts))


def test_a_row_has_the_rates_that_the_other_four_fifths_give(drawn):
    texts, clicked = drawn
    found = cross_fitted_rates(rows_with(texts), clicked, np.random.default_rng(2))
    part = np.random.default_rng(2).permutation(40) % PARTS
    for own in (part == each for each in range(PARTS)):
        features, _ = fit_click_features(rows_with(texts[~own]), clicked=clicked[~own])
        assert found[own, 0].tolist() == features(rows_with(texts[own])).values[:, 2].tolist()
    assert (found.dtype, found.shape) == (np.float32, (40, 1))


def test_no_label_is_in_the_rate_of_its_own_row(drawn):
    texts, clicked = drawn
    before = cross_fitted_rates(rows_with(texts), clicked, np.random.default_rng(3))
    for row in range(40):
        other = clicked.copy()
        other[row] = not other[row]
        after = cross_fitted_rates(rows_with(texts), other, np.random.default_rng(3))
        assert after[row, 0] == before[row, 0]
    assert (after != before).any()


def test_labels_of_one_class_and_no_categories_give_finite_rates(drawn):
    texts, _ = drawn
    for label in (False, True):
        rates = cross_fitted_rates(rows_with(texts), np.full(40, label), np.random.default_rng(4))
        assert np.isfinite(rates).all()
    assert cross_fitted_rates(rows_of(np.zeros((3, 1))), np.zeros(3, bool), np.random.default_rng(5)).shape == (3, 0)

"""Newton's method against the condition that defines the best weights."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.calibration.drawn import sigmoid_of
from winnow.calibration.logistic_fit import logistic_fit


@given(seed=st.integers(0, 10_000), rows=st.integers(3, 60), wild=st.sampled_from([1.0, 30.0]))
def test_at_the_end_no_direction_is_down(seed: int, rows: int, wild: float) -> None:
    generator = np.random.default_rng(seed)
    features = np.stack([generator.standard_t(2, rows), np.ones(rows)])
    targets = generator.uniform(0.02, 0.98, rows)
    offset = generator.normal(size=rows) * wild / 10
    weights = logistic_fit(features, targets, offset)
    slope_of_loss = features @ (sigmoid_of(offset + weights @ features) - targets) / rows
    np.testing.assert_allclose(slope_of_loss, 0, atol=1e-11)


def test_a_constant_alone_is_the_logit_of_the_mean() -> None:
    targets = np.array([0.1, 0.2, 0.9, 0.9, 0.9])
    (weight,) = logistic_fit(np.ones((1, 5)), targets, np.zeros(5))
    assert abs(weight - np.log(0.6 / 0.4)) < 1e-14


@given(seed=st.integers(0, 10_000), ridge=st.sampled_from([1e-3, 1.0, 100.0]))
def test_a_ridge_pulls_against_the_slope_and_answers_where_features_repeat(seed: int, ridge: float) -> None:
    generator = np.random.default_rng(seed)
    once = generator.standard_t(2, 40)
    features, targets = np.stack([once, once, np.ones(40)]), (np.arange(40) < 7).astype(np.float64)
    ridges = np.array([ridge, ridge, 0.0])
    weights = logistic_fit(features, targets, np.zeros(40), ridges)
    slope_of_loss = features @ (sigmoid_of(weights @ features) - targets) / 40
    np.testing.assert_allclose(slope_of_loss, -ridges * weights, atol=1e-11)
    np.testing.assert_allclose(weights[0], weights[1], atol=1e-9)

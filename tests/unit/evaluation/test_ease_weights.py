"""Weights against what they are meant to be: a regression of each item on all others, solved one by one."""

import numpy as np
import pytest
from scipy import sparse

from winnow.evaluation import ease_weights

ITEMS = 30


def slow_weights(had: np.ndarray, penalty: float) -> np.ndarray:
    weights = np.zeros((ITEMS, ITEMS))
    for item in range(ITEMS):
        others = np.delete(np.arange(ITEMS), item)
        gram = had[:, others].T @ had[:, others] + penalty * np.eye(ITEMS - 1)
        weights[others, item] = np.linalg.solve(gram, had[:, others].T @ had[:, item])
    return weights


@pytest.mark.parametrize("block", [7, 15, 1024])
@pytest.mark.parametrize("penalty", [1.0, 300.0])
def test_weights_are_those_of_a_ridge_regression_of_each_item_on_all_others(
    monkeypatch: pytest.MonkeyPatch, block: int, penalty: float
) -> None:
    monkeypatch.setattr(ease_weights, "BLOCK", block)
    had = np.random.default_rng(0).random((40, ITEMS)) < 0.2
    weights = ease_weights.ease_weights(sparse.csr_array(had.astype(np.float32)), penalty)
    assert weights.dtype == np.float32
    np.testing.assert_allclose(weights, slow_weights(had.astype(float), penalty), rtol=1e-4, atol=1e-6)
    assert not np.diag(weights).any()

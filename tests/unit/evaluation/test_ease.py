"""EASE against its formula, by plain inversion in double precision."""

import numpy as np
import pytest

from winnow.evaluation import ease
from winnow.evaluation.interactions import Interactions

USERS, ITEMS = 40, 30


def interactions(seed: int, events: int, items: int = ITEMS) -> Interactions:
    random = np.random.default_rng(seed)
    return Interactions(
        users=random.integers(USERS, size=events),
        items=random.integers(items, size=events) + 2,
        at=np.arange(events, dtype=np.float64),
        num_users=USERS,
        num_items=ITEMS + 4,
    )


def binary(events: Interactions) -> np.ndarray:
    table = np.zeros((events.num_users, events.num_items))
    table[events.users, events.items] = 1
    return table


def slow_weights(table: np.ndarray) -> np.ndarray:
    """The closed form, with weights of one item on all others solved one by one."""
    size = table.shape[1]
    weights = np.zeros((size, size))
    for item in range(size):
        others = np.delete(np.arange(size), item)
        gram = table[:, others].T @ table[:, others] + ease.PENALTY * np.eye(size - 1)
        weights[others, item] = np.linalg.solve(gram, table[:, others].T @ table[:, item])
    return weights


@pytest.mark.parametrize("block", [7, 1024])
def test_weights_are_those_of_a_ridge_regression_of_each_item_on_all_others(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(ease, "BLOCK", block)
    training, history = interactions(0, 600), interactions(1, 300)
    scores = ease.Ease.fit(training, history).scores(np.arange(USERS))
    np.testing.assert_allclose(scores, binary(history) @ slow_weights(binary(training)), rtol=1e-4, atol=1e-6)


def test_items_that_training_does_not_know_get_zero_and_tell_nothing() -> None:
    training, history = interactions(0, 300, items=10), interactions(1, 300)
    model = ease.Ease.fit(training, history)
    scores = model.scores(np.array([3, 0]))
    assert model.weights.shape == (10, 10)
    assert scores.shape == (2, ITEMS + 4)
    assert not scores[:, 12:].any()
    assert not scores[:, :2].any()
    known = binary(history)[[3, 0]][:, 2:12]
    np.testing.assert_allclose(scores[:, 2:12], known @ model.weights, rtol=1e-5)


def test_a_user_without_a_history_gets_zeros() -> None:
    training = interactions(0, 300)
    nothing = training.before(np.full(USERS, -np.inf))
    assert not ease.Ease.fit(training, nothing).scores(np.arange(USERS)).any()


def test_the_matrix_is_made_for_so_many_items_of_training(monkeypatch: pytest.MonkeyPatch) -> None:
    training = interactions(0, 600)
    monkeypatch.setattr(ease, "MOST_ITEMS", ITEMS)
    assert ease.fits_in_memory(training)
    monkeypatch.setattr(ease, "MOST_ITEMS", ITEMS - 1)
    assert not ease.fits_in_memory(training)

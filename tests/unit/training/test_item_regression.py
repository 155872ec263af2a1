import numpy as np
import pytest
from scipy import sparse

from winnow.training import item_regression as module
from winnow.training.item_regression import PENALTIES, item_regression

USERS, ITEMS = 200, 12


def drawn(seed=0, groups=3):
    """Users like the items of one of a few groups."""
    draw = np.random.default_rng(seed)
    likes = np.where(np.arange(ITEMS) % groups == draw.integers(groups, size=USERS)[:, None], 0.6, 0.05)
    return (draw.random((USERS, ITEMS)) < likes).astype(np.float32)


def weights_of(had, first_at=None):
    matrix = sparse.csr_array(had)
    return item_regression(matrix, np.arange(matrix.nnz, dtype=float) if first_at is None else first_at, ITEMS)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_each_item_is_told_from_the_others_by_least_squares(monkeypatch, penalty):
    monkeypatch.setattr(module, "PENALTIES", (penalty, penalty))
    had = drawn().astype(np.float64)
    found = weights_of(drawn())
    for item in range(ITEMS):
        others = np.delete(np.arange(ITEMS), item)
        x = had[:, others]
        ridge = penalty * had.sum(axis=0).mean() * np.eye(ITEMS - 1)
        np.testing.assert_allclose(found[others, item], np.linalg.solve(x.T @ x + ridge, x.T @ had[:, item]), atol=1e-4)
        assert found[item, item] == 0


def test_the_penalty_is_the_one_that_finds_most_of_what_came_later(monkeypatch):
    had, asked = drawn(), []

    def recall(weights, before, after):
        asked.append(float(np.abs(weights).sum()))
        assert not (before.toarray() * after.toarray()).any()
        assert after.nnz == pytest.approx(0.1 * np.count_nonzero(had), rel=0.3)
        return {0: 0.2, 1: 0.1, 2: 0.3}[len(asked) - 1]

    monkeypatch.setattr(module, "_recall", recall)
    draw = np.random.default_rng(1)
    chosen = weights_of(had, draw.permutation(np.count_nonzero(had)).astype(float))
    assert asked == sorted(asked, reverse=True)
    np.testing.assert_allclose(chosen, module._weights(sparse.csr_array(had), PENALTIES[2], ITEMS))


def test_recall_is_that_of_a_slow_loop(monkeypatch):
    monkeypatch.setattr(module, "AMONG", 3)
    draw = np.random.default_rng(2)
    weights = draw.normal(size=(ITEMS, ITEMS)).astype(np.float32)
    before, after = (draw.random((2, 9, ITEMS)) < [[[0.3]], [[0.2]]]).astype(np.float32)
    after *= 1 - before
    after[:, 0], before[:, 0] = 1, 0
    shares = []
    for had, wanted in zip(before, after, strict=True):
        left = [item for item in np.argsort(-(had @ weights)) if not had[item]][:3]
        shares.append(wanted[left].sum() / wanted.sum())
    found = module._recall(weights, sparse.csr_array(before), sparse.csr_array(after))
    assert found == pytest.approx(np.mean(shares))


def test_without_users_who_came_back_there_is_a_penalty_too():
    assert np.isfinite(weights_of(np.eye(USERS, ITEMS, dtype=np.float32))).all()

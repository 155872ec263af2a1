"""Weights of items that go together, against slow loops and against a planted world."""

import numpy as np
import pytest

from winnow.training import covisits as module
from winnow.training.covisits import covisits

USERS, ITEMS, GROUPS = 300, 24, 4


def planted() -> tuple[np.ndarray, np.ndarray]:
    """Who had what: each user likes the items of one group of six, and sometimes anything."""
    draw, users = np.random.default_rng(0), np.repeat(np.arange(USERS), 8)
    liked = (users % GROUPS) + GROUPS * draw.integers(ITEMS // GROUPS, size=len(users))
    anything = draw.integers(ITEMS, size=len(users))
    return users, np.where(draw.random(len(users)) < 0.85, liked, anything)


def times(users) -> np.ndarray:
    return np.arange(len(users), dtype=float)


def table(neighbours) -> np.ndarray:
    dense = np.zeros((neighbours.num_items, neighbours.num_items))
    for item in range(neighbours.num_items):
        items, weights, _ = neighbours.of(np.array([item]))
        dense[item, items] = weights
    return dense


def sets_of(users, items):
    return [set(users[items == item].tolist()) for item in range(ITEMS)]


@pytest.mark.parametrize("pairs_at_once", [50, module.PAIRS_AT_ONCE])
def test_in_a_large_catalogue_weights_are_cosines_of_the_sets_of_users(monkeypatch, pairs_at_once):
    monkeypatch.setattr(module, "DENSE_ITEMS", 0)
    monkeypatch.setattr(module, "PAIRS_AT_ONCE", pairs_at_once)
    users, items = planted()
    found, sets = table(covisits(users, items, times(users), ITEMS, ITEMS)), sets_of(users, items)
    for one in range(ITEMS):
        for other in range(ITEMS):
            both, either = len(sets[one] & sets[other]), len(sets[one]) * len(sets[other])
            assert found[one, other] == pytest.approx(0 if one == other else both / np.sqrt(either), abs=1e-6)


@pytest.mark.parametrize("dense", [0, ITEMS])
def test_the_neighbours_of_a_planted_group_are_its_members(monkeypatch, dense):
    monkeypatch.setattr(module, "DENSE_ITEMS", dense)
    users, items = planted()
    nearest = covisits(users, items, times(users), ITEMS, ITEMS // GROUPS - 1)
    same = [np.mean(nearest.of(np.array([item]))[0] % GROUPS == item % GROUPS) for item in range(ITEMS)]
    assert np.mean(same) > 0.8


@pytest.mark.parametrize("dense", [0, ITEMS])
def test_the_order_and_number_of_rows_do_not_count_and_unknown_items_have_no_neighbours(monkeypatch, dense):
    monkeypatch.setattr(module, "DENSE_ITEMS", dense)
    users, items = planted()
    once = table(covisits(users, items, times(users), ITEMS, 5))
    order = np.random.default_rng(1).permutation(2 * len(users))
    rows = (np.tile(each, 2)[order] for each in (users, items + 1, times(users)))
    again = covisits(*rows, ITEMS + 2, 5)
    np.testing.assert_allclose(table(again)[1:-1, 1:-1], once, atol=1e-6)
    assert not table(again)[[0, -1]].any()
    nothing = covisits(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), 3, 5)
    assert (nothing.num_items, len(nothing.items)) == (3, 0)


def test_of_a_user_of_everything_some_is_counted(monkeypatch):
    monkeypatch.setattr(module, "ITEMS_OF_USER", 3)
    monkeypatch.setattr(module, "DENSE_ITEMS", 0)
    found = table(covisits(np.zeros(10, np.int64), np.arange(10), np.zeros(10), 10, 10))
    assert np.count_nonzero(found) == 6

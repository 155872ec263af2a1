"""The penalty is chosen by what training itself tells."""

import numpy as np

from winnow.evaluation.ease_penalty import PENALTIES, USUAL, ease_penalty
from winnow.evaluation.interactions import Interactions


def of_lists(lists: list[list[int]], num_items: int) -> Interactions:
    items = np.concatenate([np.array(each, np.int64) for each in lists])
    users = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    at = np.arange(len(items), dtype=np.float64)
    return Interactions(users=users, items=items, at=at, num_users=len(lists), num_items=num_items)


def on_a_ring(users: int = 300, items: int = 40, length: int = 5) -> Interactions:
    """Everybody takes up neighbours, one after the other: what comes next is certain."""
    starts = np.random.default_rng(0).integers(items, size=users)
    return of_lists([[int(start + step) % items for step in range(length)] for start in starts], items)


def in_groups(noise: float, users: int = 600, items: int = 60, length: int = 8) -> Interactions:
    """Everybody has items of one group of six, but for a share of others."""
    random = np.random.default_rng(0)
    group = 6 * random.integers(items // 6, size=(users, 1)) + random.integers(6, size=(users, length))
    lists = np.where(random.random((users, length)) < noise, random.integers(items, size=(users, length)), group)
    return of_lists(lists.tolist(), items)


def test_what_is_certain_is_held_back_less_than_what_is_noisy() -> None:
    assert ease_penalty(on_a_ring()) < ease_penalty(in_groups(0.6))
    assert {ease_penalty(on_a_ring()), ease_penalty(in_groups(0.6))} <= set(PENALTIES)


def test_where_nobody_has_two_items_the_usual_one_is_taken() -> None:
    assert ease_penalty(of_lists([[0], [1, 1], [2]], 4)) == USUAL


def test_the_same_training_gives_the_same_penalty() -> None:
    assert ease_penalty(in_groups(0.5)) == ease_penalty(in_groups(0.5))

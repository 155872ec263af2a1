"""The largest of many scores against sorting all of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.index.best_rows import MANY, best_of_rows, best_rows, clearly_best, order_of_different
from winnow.schema.column import Array

SCORES = st.lists(st.sampled_from([-math.inf, -1e30, -1.0, 0.0, 0.5, 2.0, math.inf, math.nan]), max_size=30)


def slow(scores: Array, k: int) -> list[int]:
    there = [row for row, score in enumerate(scores.tolist()) if score > -math.inf]
    return sorted(there, key=lambda row: (-scores[row], row))[:k]


@given(scores=SCORES, k=st.integers(0, 35))
def test_the_best_of_any_scores_come_in_order_and_ties_by_position(scores: list[float], k: int):
    given_scores = np.array(scores, np.float32)
    assert best_rows(given_scores, k).tolist() == slow(given_scores, k)


@pytest.mark.parametrize("size", [MANY - 1, MANY, 20_000])
@pytest.mark.parametrize("k", [1, 10, 300])
@pytest.mark.parametrize("spoiled", [0, 5, 2_000])
def test_scores_that_are_none_hide_no_others_among_many(size: int, k: int, spoiled: int):
    generator = np.random.default_rng(size + k)
    scores = generator.normal(size=size).astype(np.float32)
    scores[generator.choice(size, spoiled, replace=False)] = np.nan
    assert best_rows(scores, k).tolist() == slow(scores, k)


@given(scores=SCORES, k=st.integers(0, 35), seed=st.integers(0, 9))
def test_the_best_of_rows_in_any_order_are_those_of_rows_that_rise(scores: list[float], k: int, seed: int):
    given_scores = np.array(scores, np.float32)
    rows = np.random.default_rng(seed).permutation(len(scores))
    found, best = best_of_rows(rows, given_scores[rows], k)
    assert found.tolist() == slow(given_scores, k)
    assert best.tolist() == given_scores[found].tolist()


@given(values=SCORES)
def test_an_order_is_given_where_all_values_are_different_numbers(values: list[float]):
    given_values = np.array(values)
    order = order_of_different(given_values)
    different = len(set(values)) == len(values) > 0 and not any(map(math.isnan, values))
    assert (order is not None) == (different or len(values) == 1)
    if order is not None:
        assert order.tolist() == sorted(range(len(values)), key=lambda place: -values[place])


@given(scores=SCORES, k=st.integers(0, 35))
def test_what_is_clearly_best_is_so_whatever_orders_equal_ones(scores: list[float], k: int):
    given_scores = np.array(scores, np.float32)
    best = clearly_best(given_scores, k)
    ranked = sorted(given_scores.tolist(), key=lambda score: (math.isnan(score), -score))[: k + 1]
    clear = len(set(ranked)) == len(ranked) > 0 and all(score > -math.inf for score in ranked)
    assert (best is not None) == clear
    if best is not None:
        assert given_scores[best].tolist() == ranked[:k]

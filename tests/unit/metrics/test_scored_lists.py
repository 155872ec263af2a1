"""NDCG of scored lists against all orders of what ties, the metric of ranked lists, and the golden value."""

import json
import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.metrics.ranking import ndcg_at_k
from winnow.metrics.scored_lists import ndcg_of_scores
from winnow.schema.column import Ragged, offsets_of

Entries = list[tuple[int, int]]
LISTS = st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), max_size=5), max_size=5)


def gain(labels: list[int], k: int | None) -> float:
    return sum(label / math.log2(place + 2) for place, label in enumerate(labels[:k]))


def slow_ndcg(entries: Entries, k: int | None) -> float:
    """The mean over all orders of the entries in which no score stands below a lower one."""
    orders = [order for order in permutations(entries) if [-s for _, s in order] == sorted(-s for _, s in entries)]
    best = gain(sorted((label for label, _ in entries), reverse=True), k)
    return sum(gain([label for label, _ in order], k) for order in orders) / len(orders) / best


def columns(lists: list[Entries]) -> tuple[Ragged, np.ndarray]:
    flat = np.array([entry for entries in lists for entry in entries], np.int64).reshape(-1, 2)
    return Ragged(flat[:, 0], offsets_of(np.array([len(entries) for entries in lists], np.int64))), flat[:, 1]


@given(lists=LISTS, k=st.none() | st.integers(1, 6))
def test_value_is_the_mean_over_all_orders_of_what_ties(lists: list[Entries], k: int | None) -> None:
    expected = [slow_ndcg(entries, k) for entries in lists if any(label for label, _ in entries)]
    found = ndcg_of_scores(*columns(lists), k)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_clicks_without_ties_give_what_ranked_lists_give() -> None:
    generator = np.random.default_rng(0)
    scores, clicked = generator.random((50, 12)), generator.random((50, 12)) < 0.2
    clicked[:, 3] = True
    ranked = np.argsort(-scores, axis=1)
    wanted = Ragged(np.nonzero(clicked)[1], offsets_of(clicked.sum(axis=1)))
    shown = Ragged(clicked.ravel().astype(np.int64), np.arange(0, 601, 12))
    np.testing.assert_allclose(ndcg_of_scores(shown, scores.ravel(), 10), ndcg_at_k(ranked, wanted, 10))


def test_lists_without_a_gain_are_left_out_and_empty_ones_too() -> None:
    labels = Ragged(np.array([0, 0, 0, 1]), np.array([0, 2, 2, 4]))
    np.testing.assert_allclose(ndcg_of_scores(labels, np.array([1, 2, 9, 4])), [1 / math.log2(3)])
    assert ndcg_of_scores(Ragged(np.array([0]), np.array([0, 1])), np.array([1.0])).shape == (0,)


def test_scores_of_any_kind_order_alike() -> None:
    labels = Ragged(np.array([1, 0, 0]), np.array([0, 3]))
    for kind in (np.uint8, np.int64, np.float32):
        assert ndcg_of_scores(labels, np.array([2, 1, 0], kind)) == pytest.approx(1)


def test_value_agrees_with_the_golden_file(winnow_data: Path) -> None:
    golden = json.loads((winnow_data.parent / "golden" / "metrics_microsoft_recommenders.json").read_text())
    case = golden["ndcg_raw_log2_wikipedia"]
    labels = np.array(case["all_relevance"])
    assert labels[: case["k"]].tolist() == case["relevance_in_rank_order_first6_of_8"]
    (found,) = ndcg_of_scores(Ragged(labels, np.array([0, len(labels)])), -np.arange(len(labels)), case["k"])
    assert found == pytest.approx(case["expected"], abs=0.0005)


def test_wrong_input_is_refused() -> None:
    labels = Ragged(np.array([0, 1]), np.array([0, 2]))
    with pytest.raises(ValueError, match="k is 0"):
        ndcg_of_scores(labels, np.zeros(2), 0)
    with pytest.raises(ValueError, match="3 scores for 2 labels"):
        ndcg_of_scores(labels, np.zeros(3))
    with pytest.raises(ValueError, match="1 labels are negative, for example -1"):
        ndcg_of_scores(Ragged(np.array([0, -1]), np.array([0, 2])), np.zeros(2))

"""Ranking metrics against slow loops, hand-worked cases and the golden values."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.metrics.ranking import (
    average_precision_at_k,
    hit_rate_at_k,
    hits,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
)
from winnow.schema.column import Array, Ragged, offsets_of

Lists = list[list[int]]


def padded(lists: Lists) -> Array:
    table = np.full((len(lists), max(map(len, lists), default=0)), -1, np.int64)
    for row, items in enumerate(lists):
        table[row, : len(items)] = items
    return table


def ragged(lists: Lists) -> Ragged:
    values = np.array([item for items in lists for item in items], np.int64)
    return Ragged(values, offsets_of(np.array([len(items) for items in lists])))


def slow_recall(given: list[int], wanted: list[int], k: int) -> float:
    return sum(item in wanted for item in given[:k]) / len(wanted)


def slow_precision(given: list[int], wanted: list[int], k: int) -> float:
    return sum(item in wanted for item in given[:k]) / k


def slow_hit_rate(given: list[int], wanted: list[int], k: int) -> float:
    return float(any(item in wanted for item in given[:k]))


def slow_ndcg(given: list[int], wanted: list[int], k: int) -> float:
    gain = sum(1 / math.log2(place + 2) for place, item in enumerate(given[:k]) if item in wanted)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(k, len(wanted))))


def slow_average_precision(given: list[int], wanted: list[int], k: int) -> float:
    found, total = 0, 0.0
    for place, item in enumerate(given[:k], start=1):
        if item in wanted:
            found += 1
            total += found / place
    return total / min(k, len(wanted))


PAIRS = [
    (recall_at_k, slow_recall),
    (precision_at_k, slow_precision),
    (hit_rate_at_k, slow_hit_rate),
    (ndcg_at_k, slow_ndcg),
    (average_precision_at_k, slow_average_precision),
]
ITEMS = st.integers(0, 12)
USERS = st.lists(
    st.tuples(st.lists(ITEMS, unique=True, max_size=8), st.lists(ITEMS, unique=True, min_size=1, max_size=8)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize(("fast", "slow"), PAIRS, ids=lambda each: each.__name__)
@given(users=USERS, k=st.integers(1, 10))
def test_metric_equals_its_slow_loop(
    fast: Callable[..., Array], slow: Callable[..., float], users: list[tuple[list[int], list[int]]], k: int
) -> None:
    given_lists, wanted = [user[0] for user in users], [user[1] for user in users]
    values = fast(padded(given_lists), ragged(wanted), k)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, [slow(*user, k) for user in users], rtol=1e-12)


def test_hand_worked_values() -> None:
    # Hits at places 2 and 3, two of four relevant items; the second user has none; the third is perfect and short.
    lists = padded([[9, 1, 2, 8], [5, 6], [7]])
    wanted = ragged([[1, 2, 3, 4], [1], [7]])
    np.testing.assert_allclose(recall_at_k(lists, wanted, 4), [0.5, 0, 1])
    np.testing.assert_allclose(precision_at_k(lists, wanted, 4), [0.5, 0, 0.25])
    np.testing.assert_allclose(hit_rate_at_k(lists, wanted, 1), [0, 0, 1])
    np.testing.assert_allclose(average_precision_at_k(lists, wanted, 4), [(1 / 2 + 2 / 3) / 4, 0, 1])
    discounts = [1, 0.6309297535714575, 0.5, 0.43067655807339306]
    np.testing.assert_allclose(ndcg_at_k(lists, wanted, 4), [(discounts[1] + discounts[2]) / sum(discounts), 0, 1])


def test_an_item_of_another_user_is_no_hit() -> None:
    assert not hits(padded([[1], [2]]), ragged([[2], [1]]), 1).any()


def test_padding_is_never_a_hit() -> None:
    assert hits(np.array([[-1, 0]]), ragged([[0]]), 2).tolist() == [[False, True]]


def test_a_user_without_relevant_items_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1 of 2 users .* row 1"):
        recall_at_k(padded([[1], [2]]), ragged([[1], []]), 1)


def test_k_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="k is 0"):
        recall_at_k(padded([[1]]), ragged([[1]]), 0)


def test_unequal_users_are_refused() -> None:
    with pytest.raises(ValueError, match="lists for 2 users but relevant items of 1"):
        recall_at_k(padded([[1], [2]]), ragged([[1]]), 1)


def by_user(table: dict[str, list[int]], order: str | None = None) -> Lists:
    rows = range(len(table["user"]))
    if order is not None:
        rows = sorted(rows, key=lambda row: -table[order][row])
    return [[table["item"][row] for row in rows if table["user"][row] == user] for user in sorted(set(table["user"]))]


def test_values_agree_with_the_golden_file(winnow_data: Path) -> None:
    golden = json.loads((winnow_data.parent / "golden" / "metrics_microsoft_recommenders.json").read_text())
    true, predicted = by_user(golden["rating_true"]), by_user(golden["rating_pred"], "score")
    fast = {
        "ndcg": ndcg_at_k,
        "map": average_precision_at_k,
        "precision": precision_at_k,
        "recall": recall_at_k,
    }
    tolerance = golden["tolerance_rel"]
    for name, metric in fast.items():
        assert metric(padded(predicted), ragged(true), 10).mean() == pytest.approx(
            golden["expected_k10"][name], rel=tolerance
        )
        assert metric(padded(true), ragged(true), 10).mean() == pytest.approx(golden["perfect_k10"][name])
        shifted = [[item + 100 for item in items] for items in true]
        assert not metric(padded(shifted), ragged(true), 10).any()
    short = golden["precision_when_fewer_than_k"]
    items = [list(range(short["items"]))]
    assert precision_at_k(padded(items), ragged(items), short["k"])[0] == pytest.approx(short["expected"])


def test_recall_agrees_with_the_golden_r_precision_which_it_is_where_no_list_is_longer_than_what_is_wanted(
    winnow_data: Path,
) -> None:
    golden = json.loads((winnow_data.parent / "golden" / "metrics_microsoft_recommenders.json").read_text())
    true, predicted = by_user(golden["rating_true"]), by_user(golden["rating_pred"], "score")
    assert all(len(given) <= len(wanted) for given, wanted in zip(predicted, true, strict=True))
    for k, expected in golden["r_precision"].items():
        found = recall_at_k(padded(predicted), ragged(true), int(k)).mean()
        assert found == pytest.approx(expected, rel=golden["tolerance_rel"])

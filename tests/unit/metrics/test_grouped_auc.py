"""AUC within groups against the AUC of each group, one at a time."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.metrics.binary import auc
from winnow.metrics.grouped_auc import auc_by_group

ROWS = st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(5, 9)), max_size=40)
Rows = list[tuple[bool, int, int]]


@given(rows=ROWS)
def test_value_and_share_equal_those_of_a_slow_loop(rows: Rows) -> None:
    table = np.array(rows, np.int64).reshape(-1, 3)
    weighted, counted = 0.0, 0
    for group in set(table[:, 2].tolist()):
        of_group = table[table[:, 2] == group]
        value = auc(of_group[:, 0], of_group[:, 1])
        if not math.isnan(value):
            weighted, counted = weighted + len(of_group) * value, counted + len(of_group)
    found = auc_by_group(table[:, 0], table[:, 1], table[:, 2])
    assert found.value == pytest.approx(weighted / counted if counted else math.nan, nan_ok=True)
    assert found.share == pytest.approx(counted / len(rows) if rows else 0)


def test_one_group_is_the_plain_auc() -> None:
    generator = np.random.default_rng(0)
    labels, scores = generator.random(500) < 0.2, generator.integers(0, 50, 500)
    found = auc_by_group(labels, scores, np.zeros(500, np.int64))
    assert (found.value, found.share) == (pytest.approx(auc(labels, scores)), 1.0)


def test_knowing_only_who_clicks_much_is_worth_nothing() -> None:
    labels, groups = np.array([1, 1, 1, 0, 1, 0, 0, 0]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    who_clicks = np.array([3, 3, 3, 3, 1, 1, 1, 1])
    assert auc(labels, who_clicks) == 0.75
    assert auc_by_group(labels, who_clicks, groups).value == 0.5


def test_groups_weigh_as_many_rows_as_they_have_and_those_of_one_class_nothing() -> None:
    labels = np.array([1, 0, 0, 1, 0, 1, 1, 1, 0, 0])
    scores = np.array([9, 1, 2, 1, 5, 7, 7, 1, 2, 3])
    groups = np.array(["a", "a", "a", "b", "b", "c", "c", "c", "d", "d"])
    found = auc_by_group(labels, scores, groups)
    assert found.value == pytest.approx((3 * 1 + 2 * 0) / 5)
    assert found.share == pytest.approx(5 / 10)


def test_no_group_with_both_classes_is_not_a_number() -> None:
    found = auc_by_group(np.array([1, 0]), np.array([0.1, 0.2]), np.array([1, 2]))
    assert math.isnan(found.value)
    assert found.share == 0


def test_unequal_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="2 labels, 2 scores and 1 groups"):
        auc_by_group(np.array([1, 0]), np.array([0.1, 0.2]), np.array([1]))

"""Ranked lists from scores, against sorting in plain Python."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from winnow.evaluation import baseline
from winnow.evaluation.baseline import rank
from winnow.schema.column import Array, Ragged

NUM_ITEMS = 6
TABLES = arrays(np.float64, (4, NUM_ITEMS), elements=st.sampled_from([0.0, 0.5, 1.0, 2.0]))


@dataclass(frozen=True)
class Table:
    values: Array

    def scores(self, users: Array) -> Array:
        return self.values[users]


@given(
    table=TABLES,
    k=st.integers(1, NUM_ITEMS + 2),
    order=st.permutations(range(NUM_ITEMS)),
    users=st.lists(st.integers(0, 3), max_size=5),
    masked=st.lists(st.integers(0, NUM_ITEMS - 1), unique=True),
)
def test_lists_equal_a_plain_sort(table: Array, k: int, order: list[int], users: list[int], masked: list[int]) -> None:
    hidden = Ragged(np.tile(np.array(masked, np.int64), len(users)), np.arange(len(users) + 1) * len(masked))
    lists = rank(Table(table), np.array(users, np.int64), k, np.array(order), hidden)
    for user, given_list in zip(users, lists.tolist(), strict=True):
        left = [item for item in order if item not in masked]
        expected = sorted(left, key=lambda item, user=user: -table[user, item])[:k]
        assert given_list == expected + [-1] * (k - len(expected))


def test_small_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(np.random.default_rng(0).random((7, NUM_ITEMS)))
    users = np.array([6, 0, 3, 3, 5])
    hidden = Ragged(np.array([1, 2, 5]), np.array([0, 1, 1, 2, 3, 3]))
    whole = rank(table, users, 3, np.arange(NUM_ITEMS), hidden)
    monkeypatch.setattr(baseline, "CHUNK_CELLS", 2 * NUM_ITEMS)
    np.testing.assert_array_equal(rank(table, users, 3, np.arange(NUM_ITEMS), hidden), whole)

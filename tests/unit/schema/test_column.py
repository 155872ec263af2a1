"""Ragged columns against lists of lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.column import Ragged, offsets_of, offsets_of_each, one_row

LISTS = st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=5)


def ragged_of(lists: list[list[int]]) -> Ragged:
    values = [each for row in lists for each in row]
    return Ragged(np.array(values, np.int64), offsets_of_each([len(row) for row in lists]))


def lists_of(ragged: Ragged) -> list[list[int]]:
    return [ragged.row(place).tolist() for place in range(len(ragged))]


@given(lists=LISTS, width=st.integers(0, 8))
def test_padded_are_the_last_elements_and_nothing_behind_them(lists: list[list[int]], width: int):
    ragged = ragged_of(lists)
    kept = [row[max(0, len(row) - width) :] for row in lists]
    assert ragged.padded(width, fill=-1).tolist() == [row + [-1] * (width - len(row)) for row in kept]
    assert ragged.present(width).tolist() == [[place < len(row) for place in range(width)] for row in kept]


@given(lists=LISTS, width=st.integers(1, 8), data=st.data())
def test_rows_and_first_elements_are_those_of_the_lists(lists: list[list[int]], width: int, data: st.DataObject):
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1), min_size=1))
    assert ragged_of(lists).longest == max(map(len, lists))
    assert lists_of(ragged_of(lists)) == lists
    assert lists_of(ragged_of(lists).first(width)) == [row[:width] for row in lists]
    assert lists_of(ragged_of(lists).take(np.array(rows))) == [lists[row] for row in rows]


@given(lengths=st.lists(st.integers(0, 20_000), min_size=1, max_size=4))
def test_offsets_of_a_few_are_those_of_many(lengths: list[int]):
    found = offsets_of_each(lengths)
    np.testing.assert_array_equal(found, offsets_of(np.array(lengths)))
    assert found.dtype == np.int64


def test_what_all_single_rows_share_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        one_row(3)[1] = 4
    assert one_row(3).tolist() == [0, 3]

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, items, lists, ragged_of
from winnow.schema.column import Ragged

BATCHES = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=4)


def table(batch):
    """Candidates with a number of their own each, as a plain column, a matrix and a ragged column."""
    candidates = candidates_of(batch, number=range(sum(map(len, batch))))
    numbers = candidates.array("number")
    tags = ragged_of([[int(number)] * (int(number) % 3) for number in numbers])
    return candidates.with_columns({"pair": np.stack([numbers, -numbers], axis=1), "tags": tags})


def check(found, expected_numbers, batch):
    """Holds every column against the numbers that should be left, request by request."""
    flat_items = [item for row in batch for item in row]
    flat = [number for row in expected_numbers for number in row]
    assert lists(found.array("number"), found.offsets) == expected_numbers
    assert items(found) == [[flat_items[number] for number in row] for row in expected_numbers]
    assert found.array("pair").tolist() == [[number, -number] for number in flat]
    assert [found.columns["tags"].row(n).tolist() for n in range(len(flat))] == [[n] * (n % 3) for n in flat]
    assert found.counts.tolist() == [len(row) for row in expected_numbers]


def numbered(batch):
    numbers = iter(range(sum(map(len, batch))))
    return [[next(numbers) for _ in row] for row in batch]


@given(BATCHES, st.data())
def test_keep_leaves_what_a_slow_loop_leaves(batch, data):
    size = sum(map(len, batch))
    mask = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    expected = [[number for number in row if mask[number]] for row in numbered(batch)]
    check(table(batch).keep(np.array(mask, bool)), expected, batch)


@given(BATCHES, st.data())
def test_take_gives_the_named_rows_in_the_named_order(batch, data):
    wanted = [data.draw(st.permutations(row)) for row in numbered(batch)]
    wanted = [row[: data.draw(st.integers(0, len(row)))] for row in wanted]
    rows = ragged_of(wanted)
    check(table(batch).take(rows.values, rows.offsets), wanted, batch)


@given(BATCHES)
def test_request_of_counts_requests_without_candidates_too(batch):
    assert candidates_of(batch).request_of().tolist() == [b for b, row in enumerate(batch) for _ in row]


def test_keep_with_nothing_removed_copies_nothing():
    candidates = candidates_of([[1], []])
    assert candidates.keep(np.array([True])) is candidates


@pytest.mark.parametrize("length", [0, 2, 4])
def test_a_mask_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match=f"A mask of {length} rows came for 3 candidates"):
        candidates_of([[1, 2], [3]]).keep(np.ones(length, bool))


@pytest.mark.parametrize("column", [np.zeros(2), np.zeros((4, 2)), Ragged(np.zeros(3), np.array([0, 3]))])
def test_a_column_of_another_length_is_refused(column):
    with pytest.raises(ValueError, match=r"A column 'score' of \d rows came for 3 candidates"):
        candidates_of([[1, 2], [3]]).with_columns({"score": column})


def test_new_columns_leave_the_old_candidates_as_they_were():
    candidates = candidates_of([[1, 2]], score=[0.5, 0.25])
    changed = candidates.with_columns({"score": np.array([1.0, 2.0])})
    assert candidates.array("score").tolist() == [0.5, 0.25]
    assert changed.array("score").tolist() == [1.0, 2.0]

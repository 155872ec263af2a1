"""What every index promises, held against a slow search in plain Python. A new index joins by one line."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from winnow.index.exact_index import ExactIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index import Index
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.index.open_index import open_index
from winnow.schema.column import Array, Bools

MANY = settings(max_examples=2 * settings.default.max_examples)


def all_lists_probed(made: type[IvfIndex | IvfPqIndex], vectors: Array) -> Index:
    num_lists = min(4, len(vectors))
    return made.build(vectors, vectors[:99], num_lists=num_lists, num_probes=num_lists)


BUILDERS: dict[str, Callable[[Array], Index]] = {
    "exact": lambda vectors: ExactIndex(vectors=vectors),
    "faiss, all lists probed": partial(all_lists_probed, IvfIndex),
    "faiss, all codes read": partial(all_lists_probed, IvfPqIndex),
    "faiss, all items in sight": lambda vectors: HnswIndex.build(vectors, vectors[:99], ef_search=512),
}
each_index = pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS.keys())


def slow_search(vectors: Array, queries: Array, k: int, allowed: Bools | None) -> tuple[list, list]:
    rows, scores = [], []
    for query in queries:
        by_row = [(-float(np.dot(query, vector)), row) for row, vector in enumerate(vectors)]
        best = sorted(pair for pair in by_row if allowed is None or allowed[pair[1]])[:k]
        rows.append([row for _, row in best] + [-1] * (k - len(best)))
        scores.append([-score for score, _ in best] + [-np.inf] * (k - len(best)))
    return rows, scores


# Small whole numbers: inner products are exact, and most of them are shared.
@st.composite
def searches(draw):
    num_items, width, batch = draw(st.integers(1, 40)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
    whole = st.integers(-2, 2)
    vectors = draw(arrays(np.float32, (num_items, width), elements=whole))
    queries = draw(arrays(np.float32, (batch, width), elements=whole))
    allowed = draw(st.none() | arrays(np.bool_, num_items))
    return vectors, queries, draw(st.integers(0, num_items + 5)), allowed


def assert_finds_the_best(index: Index, vectors: Array, queries: Array, k: int, allowed: Bools | None = None):
    rows, scores = index.search(queries, k, allowed)
    assert (rows.dtype, scores.dtype) == (np.int64, np.float32)
    assert rows.shape == scores.shape == (len(queries), k)
    expected_rows, expected_scores = slow_search(vectors, queries, k, allowed)
    assert rows.tolist() == expected_rows
    assert scores.tolist() == expected_scores


@each_index
@given(search=searches())
@MANY
def test_it_finds_the_best_rows_in_order_with_ties_by_row(build, search):
    assert_finds_the_best(build(search[0]), *search)


@each_index
def test_when_all_items_are_equal_the_first_rows_are_found(build):
    vectors = np.ones((500, 2), np.float32)
    rows, _ = build(vectors).search(np.ones((2, 2), np.float32), 7)
    assert rows.tolist() == [list(range(7))] * 2


@each_index
def test_when_no_item_is_allowed_nothing_is_found(build):
    vectors = np.eye(9, dtype=np.float32)
    assert_finds_the_best(build(vectors), vectors, vectors[:2], 3, np.zeros(9, bool))


@each_index
def test_when_one_item_is_allowed_it_is_found_wherever_it_lies(build):
    vectors = np.eye(9, dtype=np.float32)
    index = build(vectors)
    for row in range(9):
        assert_finds_the_best(index, vectors, -vectors[:1], 3, np.arange(9) == row)


@each_index
def test_one_item_is_enough(build):
    vectors = np.array([[2, 1]], np.float32)
    assert_finds_the_best(build(vectors), vectors, np.array([[1, 1], [-1, 0]], np.float32), 3)


@each_index
def test_no_query_gives_no_answer(build):
    rows, scores = build(np.eye(9, dtype=np.float32)).search(np.empty((0, 9), np.float32), 4)
    assert rows.shape == scores.shape == (0, 4)


@each_index
@pytest.mark.parametrize("width", [1, 3])
def test_queries_of_another_width_are_refused(build, width):
    index = build(np.ones((4, 2), np.float32))
    for each in (index, index.without(np.array([1]))):
        with pytest.raises(ValueError, match=f"The queries have {width} dimensions; the index holds 2."):
            each.search(np.ones((1, width), np.float32), 2)


@each_index
def test_a_query_that_is_not_a_number_finds_nothing_and_harms_no_other(build):
    vectors = np.eye(3, dtype=np.float32)
    rows, scores = build(vectors).search(np.array([[np.nan, 0, 0], [0, 3, 2]], np.float32), 2)
    assert rows.tolist() == [[-1, -1], [1, 2]]
    assert scores.tolist() == [[-np.inf, -np.inf], [3, 2]]


@each_index
def test_an_endless_query_returns_no_score_that_is_not_a_number(build):
    rows, scores = build(np.eye(3, dtype=np.float32)).search(np.full((1, 3), np.inf, np.float32), 2)
    assert not np.isnan(scores).any()
    assert (scores[rows < 0] == -np.inf).all()


@each_index
def test_saved_and_opened_it_answers_the_same(build, tmp_path):
    generator = np.random.default_rng(5)
    vectors, queries = generator.normal(size=(300, 8)).astype(np.float32), generator.normal(size=(4, 8)).astype("f4")
    index = build(vectors)
    index.save(tmp_path)
    opened = open_index(tmp_path, vectors)
    assert opened.num_items == index.num_items == 300
    for found, expected in zip(opened.search(queries, 20), index.search(queries, 20), strict=True):
        np.testing.assert_array_equal(found, expected)


# Changes: what is in force after them is a mapping of rows to vectors, and searched slowly as such.
@st.composite
def histories(draw):
    num_items, width = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    whole = st.integers(-2, 2)
    vectors = draw(arrays(np.float32, (num_items, width), elements=whole))
    changes = []
    for _ in range(draw(st.integers(1, 5))):
        rows = np.array(draw(st.lists(st.integers(0, 16), unique=True, max_size=5)), np.int64)
        changes.append((rows, draw(st.none() | arrays(np.float32, (len(rows), width), elements=whole))))
    queries = draw(arrays(np.float32, (draw(st.integers(0, 3)), width), elements=whole))
    return vectors, changes, queries, draw(st.integers(0, 20)), draw(st.none() | arrays(np.bool_, 17))


def after(vectors: Array, changes: list) -> tuple[Array, Bools]:
    """Vectors of rows 0 to 16, and which of them are there."""
    table, there = np.zeros((17, vectors.shape[1]), np.float32), np.arange(17) < len(vectors)
    table[: len(vectors)] = vectors
    for rows, given_vectors in changes:
        there[rows] = given_vectors is not None
        if given_vectors is not None:
            table[rows] = given_vectors
    return table, there


@each_index
@given(history=histories(), held=st.booleans())
@MANY
def test_after_any_changes_it_finds_the_best_of_what_is_there(build, history, held):
    vectors, changes, queries, k, allowed = history
    index = built = build(vectors)
    for number, (rows, given_vectors) in enumerate(changes, 1):
        size = max(index.num_items, int(rows.max(initial=-1)) + 1)
        whole = after(vectors, changes[:number])[0][:size] if held else None
        index = index.without(rows) if given_vectors is None else index.with_items(rows, given_vectors, whole)
    table, there = after(vectors, changes)
    size = index.num_items
    assert size == max(len(vectors), *(int(r.max(initial=-1)) + 1 for r, v in changes if v is not None), 0)
    expected = slow_search(table, queries, k, there if allowed is None else there & allowed)
    rows, scores = index.search(queries, k, None if allowed is None else allowed[:size])
    assert (rows.tolist(), scores.tolist()) == expected
    assert_finds_the_best(built, vectors, queries, k)


@each_index
def test_what_was_taken_out_stays_out_until_it_is_given_again(build):
    vectors = np.eye(4, dtype=np.float32)
    query, two = vectors[2:3], np.array([2])
    gone = build(vectors).without(two)
    assert 2 not in gone.search(query, 9)[0]
    assert 2 not in gone.with_items(np.array([7]), query).without(np.array([99])).search(query, 9, np.ones(8, bool))[0]
    assert gone.with_items(two, query).search(query, 1)[0].tolist() == [[2]]


@each_index
def test_a_query_that_is_not_a_number_finds_nothing_among_changes_either(build):
    index = build(np.eye(3, dtype=np.float32)).with_items(np.array([3]), np.ones((1, 3), np.float32))
    rows, scores = index.search(np.array([[np.nan, 0, 0], [np.inf, 0, 0]], np.float32), 5)
    assert rows[0].tolist() == [-1] * 5
    assert not np.isnan(scores).any()


@each_index
@pytest.mark.parametrize(
    ("rows", "vectors", "words"),
    [
        ([1, 1], np.ones((2, 3)), "given once each"),
        ([-1], np.ones((1, 3)), "0 or more"),
        ([1], np.ones((1, 2)), r"\[1, 3\] is wanted"),
        ([1], np.full((1, 3), np.nan), "not finite"),
    ],
)
def test_changes_that_cannot_be_are_refused(build, rows, vectors, words):
    with pytest.raises(ValueError, match=words):
        build(np.eye(3, dtype=np.float32)).with_items(np.array(rows), vectors.astype(np.float32))

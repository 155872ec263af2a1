import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, catalogue_of, ragged_of, requests_of
from winnow.pipeline.hydrators import ItemHydrator, MatchHydrator

ROWS = st.lists(st.integers(0, 3), max_size=6)


def test_every_candidate_gets_the_rows_of_its_item():
    columns = ItemHydrator.of(catalogue_of(5)).columns(requests_of(["", ""]), candidates_of([[4, 0], [4]]))
    assert columns["item_codes"].tolist() == [[4], [0], [4]]
    assert columns["item_values"].tolist() == [[2], [0], [2]]
    assert columns["item_vector_looks"].tolist() == [[4], [0], [4]]
    assert columns["item_tower"].tolist() == [[4, 1], [0, 1], [4, 1]]


def test_no_candidates_get_columns_of_the_right_width():
    columns = ItemHydrator.of(catalogue_of(0, dim=3)).columns(requests_of([""]), candidates_of([[]]))
    assert {name: column.shape for name, column in columns.items()} == {
        "item_codes": (0, 1),
        "item_values": (0, 1),
        "item_vector_looks": (0, 1),
        "item_tower": (0, 3),
    }


def test_what_nobody_reads_is_not_gathered():
    hydrator = ItemHydrator.of(catalogue_of(5), read=("item_tower", "match"))
    columns = hydrator.columns(requests_of([""]), candidates_of([[4]]))
    assert {name: column.tolist() for name, column in columns.items()} == {"item_tower": [[4, 1]]}


def slow_match(item, history, had):
    times = history.count(item)
    latest = history[::-1].index(item) + 1 if times else math.inf
    return [math.log(1 + times), 1 / latest, float(item in had)]


@given(st.lists(st.tuples(ROWS, ROWS, ROWS), max_size=4))
def test_the_match_with_what_the_user_did_agrees_with_a_slow_loop(batch):
    did = {"history": ragged_of([each for each, _, _ in batch]), "had": ragged_of([each for _, each, _ in batch])}
    requests = requests_of([""] * len(batch)).with_columns(did)
    columns = MatchHydrator(num_items=1000).columns(requests, candidates_of([rows for _, _, rows in batch]))
    expected = [slow_match(item, history, had) for history, had, rows in batch for item in rows]
    np.testing.assert_allclose(columns["match"], np.array(expected, np.float32).reshape(-1, 3), rtol=1e-6)
    assert columns["match"].dtype == np.float32

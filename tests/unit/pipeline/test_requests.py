from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import ragged_of, requests_of
from winnow.schema.column import Masked


def asked():
    return requests_of(
        ["ann", "", "bob"],
        k=[1, 0, 9],
        exclude=[[1, 2], [], [3]],
        seeds=[7, 8, 2**64 - 1],
        columns={
            "query": np.eye(3, dtype=np.float32),
            "history": ragged_of([[5], [], [6, 7]]),
            "age": Masked(np.array([30, 0, 40]), np.array([True, False, True])),
        },
    )


@given(st.lists(st.integers(0, 2), max_size=5))
def test_take_gives_the_named_requests_whole(rows):
    everybody = asked()
    some = everybody.take(np.array(rows, np.int64))
    assert len(some) == len(rows)
    for place, row in enumerate(rows):
        assert some.request_ids[place] == everybody.request_ids[row]
        assert some.user_ids[place] == everybody.user_ids[row]
        assert some.at[place] == everybody.at[row]
        assert some.k[place] == everybody.k[row]
        assert some.seeds[place] == everybody.seeds[row]
        assert some.exclude.row(place).tolist() == everybody.exclude.row(row).tolist()
        assert some.array("query")[place].tolist() == everybody.array("query")[row].tolist()
        assert some.ragged("history").row(place).tolist() == everybody.ragged("history").row(row).tolist()


def test_take_takes_what_the_named_requests_choose_from():
    wanted = np.array([True, False])
    everybody = replace(asked(), filters=(None, wanted, None))
    assert [each is wanted for each in everybody.take(np.array([1, 0])).filters] == [True, False]
    assert asked().take(np.array([1, 0])).filters == ()


def test_take_takes_what_was_shown_to_the_named_requests_and_the_diversity_they_ask_for():
    everybody = replace(asked(), shown=ragged_of([[4, -1], [], [5]]), diversity=np.array([0.1, np.nan, 0.3]))
    some = everybody.take(np.array([2, 0]))
    assert [some.earlier(place).tolist() for place in range(2)] == [[5], [4, -1]]
    assert some.diversity.tolist() == [0.3, 0.1]
    first_pages = asked().take(np.array([2, 0]))
    assert (first_pages.shown, first_pages.diversity, first_pages.earlier(1).tolist()) == (None, None, [])


def test_new_columns_leave_the_old_requests_as_they_were():
    before = asked()
    after = before.with_columns({"query": np.zeros((3, 1))})
    assert before.array("query").shape == (3, 3)
    assert after.array("query").shape == (3, 1)
    assert after.ragged("history") is before.ragged("history")


def test_a_column_is_read_as_what_it_is():
    with pytest.raises(TypeError, match="is a Ragged; a plain array"):
        asked().array("history")
    with pytest.raises(TypeError, match="is a ndarray; a ragged one"):
        asked().ragged("query")

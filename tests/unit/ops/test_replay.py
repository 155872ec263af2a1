import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ops.replay import latest_examples, sampled
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Ragged, offsets_of


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=40), st.integers(2, 50))
def test_the_latest_clicks_are_replayed_half_of_them_new_where_there_are_enough(clicks, size):
    at = np.array([at for at, _ in clicks], float)
    first = np.array([new for _, new in clicks], bool)
    chosen = latest_examples(at, first, size)
    assert len(set(chosen.tolist())) == len(chosen) == min(size, len(clicks))
    for kind in (first, ~first):
        mine = chosen[kind[chosen]]
        assert len(mine) >= min(kind.sum(), size // 2)
        left = np.setdiff1d(np.flatnonzero(kind), mine)
        assert not len(left) or not len(mine) or at[left].max() <= at[mine].min()


def requests_of(batch: int) -> Requests:
    vectors = np.arange(batch * 2, dtype=np.float32).reshape(batch, 2)
    return Requests(
        request_ids=tuple(map(str, range(batch))),
        user_ids=("",) * batch,
        at=np.zeros(batch),
        k=np.zeros(batch, np.int64),
        exclude=Ragged(np.empty(0, np.int64), np.zeros(batch + 1, np.int64)),
        seeds=np.zeros(batch, np.uint64),
        columns={"query": vectors, "history_vector": -vectors},
    )


def candidates_of(*items: list[int]) -> Candidates:
    flat = np.concatenate([np.array(each, np.int64) for each in items])
    match = np.stack([flat, flat], axis=1).astype(np.float32)
    columns = {"match": match, "source_features": np.repeat(-match, 2, axis=1)}
    return Candidates(item_rows=flat, offsets=offsets_of(np.array(list(map(len, items)))), columns=columns)


def test_the_click_stands_among_other_candidates_each_once():
    clicked = np.array([7, 3])
    generator = np.random.default_rng(0)
    for _ in range(50):
        candidates = candidates_of([1, 2, 7, 9, 4], [3, 5, 6, 8])
        rows = sampled(requests_of(2), candidates, np.array([10, 11]), clicked, 3, generator)
        assert rows["labels"].sum(axis=1).tolist() == [1, 1]
        assert rows["items"][rows["labels"] == 1].tolist() == [7, 3]
        assert all(len(set(each)) == 3 for each in rows["items"].tolist())
        assert (rows["match"][:, :, 0] == rows["items"]).all()
        assert (rows["source_features"][:, :, 3] == -rows["items"]).all()
        assert set(rows["items"][0]) <= {1, 2, 7, 9, 4}


def test_every_other_candidate_is_drawn_as_often_as_the_next():
    generator = np.random.default_rng(0)
    drawn = np.zeros(6)
    for _ in range(3_000):
        rows = sampled(requests_of(1), candidates_of(list(range(6))), np.zeros(1, int), np.array([0]), 3, generator)
        drawn += np.bincount(rows["items"][0], minlength=6)
    assert drawn[0] == 3_000
    assert drawn[1:] / 3_000 == pytest.approx(0.4, abs=0.04)


def test_requests_whose_click_was_not_retrieved_or_that_have_too_few_candidates_are_left_out():
    candidates = candidates_of([1, 2, 3], [1, 2, 3], [5, 4], [])
    rows = sampled(requests_of(4), candidates, np.arange(4), np.array([2, 9, 5, 1]), 3, np.random.default_rng(0))
    assert rows["examples"].tolist() == [0]
    assert rows["query"].tolist() == [[0.0, 1.0]]
    assert rows["history_vector"].tolist() == [[0.0, -1.0]]

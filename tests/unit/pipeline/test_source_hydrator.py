import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.merge import merge
from winnow.pipeline.source_hydrator import SourceHydrator
from winnow.schema.column import Array, Bools

ITEMS = 9


def said(names: tuple[str, ...], merged: Candidates, had: Bools, by_user: Bools, counting: tuple[str, ...]) -> Array:
    match = np.zeros((len(merged), 3), np.float32)
    match[:, 2] = by_user
    hydrator = SourceHydrator.of(names, ITEMS, ((counting, had),))
    users = [""] * (len(merged.offsets) - 1)
    return hydrator.columns(requests_of(users), merged.with_columns({"match": match}))["source_features"]


def plain(names: tuple[str, ...], merged: Candidates) -> Array:
    return said(names, merged, np.ones(ITEMS, np.bool_), np.zeros(len(merged), np.bool_), ())


def test_four_figures_of_each_source_and_absence_is_zero():
    found = {"a": candidates_of([[4, 2], [0]], score=[3, -2, 0]), "b": candidates_of([[2], []], score=[0.07])}
    merged = merge(found, ITEMS)
    assert merged.item_rows.tolist() == [2, 4, 0]
    wanted = [
        [1, 1, 1 / 2, 1, -np.log(2), 0, -np.log(201), np.log(8)],
        [1, 0, 1, 0, 0, 0, np.log(301), 0],
        [1, 0, 1, 0, 0, 0, 0, 0],
    ]
    features = plain(("a", "b"), merged)
    np.testing.assert_allclose(features, wanted, rtol=1e-6)
    assert features.dtype == np.float32


def test_no_candidates_have_no_features():
    nothing = merge({"a": candidates_of([[]], score=[])}, ITEMS)
    assert plain(("a",), nothing).shape == (0, 4)


LISTS = st.lists(st.lists(st.integers(0, ITEMS - 1), unique=True, max_size=6), min_size=3, max_size=3)


@given(LISTS, LISTS, st.lists(st.booleans(), min_size=ITEMS, max_size=ITEMS), st.randoms(use_true_random=False))
def test_a_counting_source_says_the_mean_of_others_of_what_nobody_had(ann, counted, had, draw):
    found = {
        name: candidates_of(rows, score=[draw.random() for row in rows for _ in row])
        for name, rows in (("ann", ann), ("counted", counted))
    }
    merged, somebody = merge(found, ITEMS), np.array(had)
    by_user = np.array([draw.random() < 0.3 for _ in range(len(merged))], np.bool_)
    before = plain(("ann", "counted"), merged)
    after = said(("ann", "counted"), merged, somebody, by_user, ("counted",))
    request_of = merged.request_of()
    for place, item in enumerate(merged.item_rows):
        wanted = before[place].copy()
        others = (request_of == request_of[place]) & somebody[merged.item_rows] & ~by_user
        if not somebody[item]:
            wanted[1::2] = before[others, 1::2].mean(axis=0) if others.any() else 0
        np.testing.assert_allclose(after[place], wanted, rtol=1e-5, atol=1e-6)


def test_what_is_had_by_now_is_judged_by_the_sources_that_know_it_and_not_by_the_others():
    found = {"together": candidates_of([[0]], score=[3]), "popular": candidates_of([[0]], score=[2])}
    found["ann"] = candidates_of([[0, 1]], score=[1, 1])
    match = np.zeros((2, 3), np.float32)
    then, now = np.arange(ITEMS) < 1, np.arange(ITEMS) < 2
    hydrator = SourceHydrator.of(tuple(found), ITEMS, ((("together",), then), (("popular",), now)))
    features = hydrator.columns(requests_of([""]), merge(found, ITEMS).with_columns({"match": match}))[
        "source_features"
    ]
    together, popular, _ = features.reshape(2, 4, 3).transpose(2, 0, 1)
    assert together[1].tolist() == together[0].tolist()
    assert popular[1].tolist() == [0, 0, 0, 0]


def test_what_is_known_of_items_lies_row_by_row_so_that_a_request_copies_its_candidates_alone():
    said = SourceHydrator.of(
        ("ann", "popular", "covisited"), 1_000, [(("covisited",), np.zeros(1_000, bool))], {"covisited", "ann"}
    )
    assert said.speaks.flags.c_contiguous
    assert said.speaks[0].tolist() == [True, False]
    assert said.heard.tolist() == [0, 2]

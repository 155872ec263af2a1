"""What a person likes and comes for, against a slow loop over what they did."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.features.drawn_likings import drawn_likings
from tests.unit.pipeline.happened import NOW, Happened, live
from tests.unit.pipeline.tables import catalogue_of, knowing, requests_of
from winnow.features.feature_arrays import items_at
from winnow.features.item_tastes import ItemTastes
from winnow.features.likeness import VISIT_S
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.person_hydrator import PersonHydrator
from winnow.stores.counted_types import counted_types
from winnow.stores.memory_state import MemoryState
from winnow.stores.user_vectors import UserVectors

ITEMS = 6
CATALOGUE = catalogue_of(ITEMS)
SPACE = TasteSpace(
    codes=(np.linspace(-1, 1, ITEMS, dtype=np.float32)[:, None],),
    values=np.array([[0.5]], np.float32),
    vectors={"looks": np.array([[-0.25]], np.float32)},
    centre=np.array([0.125], np.float32),
)
LIKINGS = drawn_likings(3, 2, columns=(0,), sizes=(ITEMS,))
KNOWN = UserVectors(user_ids=("ann", "bob"), vectors=np.array([[1, -1, 2], [0.5, 0.25, -1]], np.float32))
PERSON = PersonHydrator(
    users=KNOWN,
    likings=LIKINGS,
    tastes=ItemTastes(space=SPACE, items=CATALOGUE),
    catalogue=CATALOGUE,
    counted=counted_types(["click", "purchase"]),
)
USERS = (*KNOWN.user_ids, "new")

happened = st.tuples(
    st.sampled_from(USERS),
    st.sampled_from([*CATALOGUE.item_ids, "no such item"]),
    st.sampled_from(["click", "purchase", "view"]),
    st.sampled_from([1.0, 600.0, VISIT_S, VISIT_S + 1, 5_000.0]),
)
"""Who, what, how and how many seconds ago."""


def told(store: MemoryState, *users: str):
    return PERSON.columns(knowing(replace(requests_of(users), at=np.full(len(users), NOW)), store, CATALOGUE))


def likings_of(user: str, events: Sequence[Happened]) -> tuple[np.ndarray, np.ndarray]:
    """The usual ones, and those of now."""
    usual = KNOWN.read([user])
    known = user in KNOWN.user_ids
    chosen = {
        CATALOGUE.row(item)
        for who, item, type_, ago in events
        if who == user and type_ != "view" and item in CATALOGUE.item_ids and (ago <= VISIT_S or not known)
    }
    items = items_at(CATALOGUE, np.array(sorted(chosen), np.int64))
    return usual, LIKINGS.after(usual, SPACE(items), items.codes, np.zeros(len(chosen), np.int64))


@given(st.lists(happened, max_size=12))
def test_likings_are_those_of_training_and_intents_are_moved_by_what_was_chosen(events: list[Happened]):
    columns = told(live(events), *USERS, "")
    usual, now = (
        np.concatenate(each) for each in zip(*(likings_of(user, events) for user in (*USERS, "")), strict=True)
    )
    np.testing.assert_allclose(columns["taste"], LIKINGS.tastes(usual), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(columns["intent"], LIKINGS.intents(now), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(columns["person"], now, rtol=1e-3, atol=1e-4)
    assert columns["taste"].dtype == columns["intent"].dtype == np.float32


def test_the_same_is_told_of_a_person_alone():
    events = [("new", CATALOGUE.item_ids[row], "click", 10.0 * row + 1) for row in range(3)]
    together = told(live(events), *USERS)
    for place, user in enumerate(USERS):
        for name, each in told(live(events), user).items():
            np.testing.assert_allclose(each[0], together[name][place], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("ago", "moved"), [(VISIT_S, ["ann", "bob", "new"]), (VISIT_S + 1, ["new"])])
def test_a_visit_moves_everybody_and_what_was_before_it_those_whom_training_did_not_know(ago, moved):
    item = CATALOGUE.item_ids[4]
    before = told(live([]), *USERS)["intent"]
    after = told(live([(user, item, "click", ago) for user in USERS]), *USERS)["intent"]
    assert [user for user, old, new in zip(USERS, before, after, strict=True) if (old != new).any()] == moved


def test_who_asked_to_be_forgotten_is_a_stranger_again():
    store = live([("ann", CATALOGUE.item_ids[0], "click", 50.0)])
    store.forget("ann")
    for name, each in told(store, "ann", "").items():
        np.testing.assert_array_equal(each[0], each[1], err_msg=name)
    assert told(store, "bob")["taste"].any()


def test_where_nothing_can_be_told_nobody_likes_anything_more():
    silent = PERSON.missing(requests_of(USERS))
    assert {name: each.shape for name, each in silent.items()} == {
        "taste": (3, 2),
        "intent": (3, ITEMS),
        "person": (3, 3),
    }
    assert not any(each.any() for each in silent.values())
    assert {name: each.shape for name, each in told(live([])).items()} == {
        "taste": (0, 2), "intent": (0, ITEMS), "person": (0, 3)
    }  # fmt: skip

"""What choices say of likings, against people whose likings are known."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.features.drawn_likings import drawn_likings
from winnow.features.likings import LEADING, Likings

R, F, SIZES = 4, 3, (5, 2)
LIKINGS = drawn_likings(R, F, columns=(2, 0), sizes=SIZES)


def chosen(number: int, people: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Items in the space of tastes, their codes, and who chose each."""
    draw = np.random.default_rng(seed)
    codes = np.stack([draw.integers(0, size, number) for size in (SIZES[1], 9, SIZES[0])], axis=1).astype(np.int32)
    return draw.normal(size=(number, F)).astype(np.float32), codes, draw.integers(0, people, number)


@given(st.integers(0, 12), st.integers(1, 3), st.integers(0, 20))
def test_likings_after_choices_are_the_most_likely_ones(number: int, people: int, seed: int):
    """The slope of the logarithm of their likelihood is 0: of what is usual, and of each choice."""
    items, codes, of = chosen(number, people, seed)
    usual = np.random.default_rng(seed).normal(size=(people, R)).astype(np.float32)
    found = LIKINGS.after(usual, items, codes, of)
    assert found.dtype == np.float32
    for person in range(people):
        slope = usual[person] - found[person]
        for item, (first, _, second) in zip(items[of == person], codes[of == person], strict=True):
            said = LIKINGS.items @ item + LIKINGS.kinds[:, second] + LIKINGS.kinds[:, SIZES[0] + first]
            slope += said - LIKINGS.mean - LIKINGS.told * found[person]
        np.testing.assert_allclose(slope, 0, atol=1e-4 * (1 + number))


@given(st.integers(1, 12), st.integers(0, 20))
def test_persons_meet_what_items_say_in_what_they_like_and_come_for(number: int, seed: int):
    """All items apart by the same as taste and intents have them apart."""
    items, codes, _ = chosen(number, 1, seed)
    persons = np.random.default_rng(seed).normal(size=(2, R)).astype(np.float32)
    met = LIKINGS.lead(persons) @ LIKINGS.said(items, codes).T
    liked = LIKINGS.tastes(persons) @ items.T
    wanted = liked + LIKINGS.intents(persons)[:, LIKINGS.places(codes)].sum(axis=2)
    np.testing.assert_allclose(met - met[:, :1], wanted - wanted[:, :1], rtol=1e-3, atol=1e-4)


def test_no_more_than_the_leading_numbers_are_searched_for_and_they_are_the_last():
    many = drawn_likings(LEADING + 5, F, columns=(2, 0), sizes=SIZES)
    items, codes, _ = chosen(7, 1, 0)
    persons = np.random.default_rng(0).normal(size=(3, LEADING + 5)).astype(np.float32)
    assert many.said(items, codes).shape == (7, LEADING)
    assert many.said(items, codes).dtype == np.float32
    last = persons.copy()
    last[:, :5] = 0
    np.testing.assert_array_equal(many.lead(persons), persons[:, 5:])
    wanted = many.tastes(last) @ items.T + many.intents(last)[:, many.places(codes)].sum(axis=2)
    met = many.lead(persons) @ many.said(items, codes).T
    np.testing.assert_allclose(met - met[:, :1], wanted - wanted[:, :1], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("number", [1, 4, 20])
def test_of_those_who_choose_as_people_do_likings_are_found_as_surely_as_can_be(number):
    """People with likings from N(0, 1) choose among many items: what is left unknown is what the precision says."""
    draw, people, spread = np.random.default_rng(number), 1_500, np.array([1.0, 0.6, 0.3])
    items = (draw.normal(size=(4_000, 3)) * spread).astype(np.float32)
    likings, nothing = draw.normal(size=(people, 3)), np.empty(0, np.int64)
    odds = np.exp(likings @ items.T)
    bounds = odds.cumsum(axis=1) / odds.sum(axis=1, keepdims=True)
    taken = np.concatenate([np.searchsorted(each, draw.random(number)) for each in bounds])
    known = Likings(
        items=np.eye(3, dtype=np.float32),
        kinds=np.empty((3, 0), np.float32),
        usual=np.empty(0, np.float32),
        columns=nothing,
        starts=np.zeros(1, np.int64),
        mean=items.mean(axis=0),
        told=items.var(axis=0),
    )
    found = known.after(
        np.zeros((people, 3), np.float32),
        items[taken],
        np.empty((len(taken), 0), np.int32),
        np.repeat(np.arange(people), number),
    )
    left = ((found - likings) ** 2).mean(axis=0)
    np.testing.assert_allclose(left, 1 / (1 + number * known.told), rtol=0.15)


def test_intents_are_shares_of_visits_beside_the_usual_ones():
    likings = np.random.default_rng(0).normal(size=(3, R)).astype(np.float32)
    told = LIKINGS.intents(likings)
    for start, end in pairwise(LIKINGS.starts.tolist()):
        shares = np.exp(LIKINGS.usual[start:end] + likings @ LIKINGS.kinds[:, start:end])
        shares /= shares.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(told[:, start:end], np.log(shares) - LIKINGS.usual[start:end], rtol=1e-4, atol=1e-5)


def test_of_whom_nothing_is_known_nothing_is_said():
    nobody = np.zeros((2, R), np.float32)
    assert not LIKINGS.tastes(nobody).any()
    np.testing.assert_allclose(LIKINGS.intents(nobody), 0, atol=1e-6)


def test_what_is_saved_is_loaded_as_it_was(tmp_path):
    for likings in (LIKINGS, drawn_likings(2, 0)):
        likings.save(tmp_path)
        loaded = Likings.load(tmp_path)
        assert (len(loaded), loaded.width) == (len(likings.told), len(likings.columns))
        for name in ("items", "kinds", "usual", "columns", "starts", "mean", "told"):
            wanted = getattr(likings, name)
            np.testing.assert_array_equal(getattr(loaded, name), wanted)
            assert getattr(loaded, name).dtype == wanted.dtype


def test_places_of_kinds_follow_the_columns():
    codes = np.array([[1, 8, 4], [0, 3, 2]], np.int32)
    assert LIKINGS.places(codes).tolist() == [[4, 6], [2, 5]]

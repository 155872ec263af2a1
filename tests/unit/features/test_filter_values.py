"""What fits a filter, held against a slow loop, at once and after changes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.filter_values import FilterNumbers, FilterWords, filter_values
from winnow.schema.column import Masked
from winnow.schema.feature import Entity, Feature, Kind

COLOUR = Feature(name="colour", entity=Entity.ITEM, kind=Kind.CATEGORY, filterable=True)
PRICE = Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, filterable=True)
WORDS = st.lists(st.none() | st.sampled_from(["red", "blue", "7", "true"]), max_size=8)
NUMBERS = st.lists(st.none() | st.sampled_from([0.0, 0.1, 19.99, 50.0, -3.0]), max_size=8)
BOUND = st.sampled_from([0, 0.1, 19.99, 50])


def words_of(raw: list) -> FilterWords:
    made = filter_values(COLOUR, np.array(raw, object))
    assert isinstance(made, FilterWords)
    return made


def numbers_of(raw: list) -> FilterNumbers:
    column = Masked(np.array([each or 0.0 for each in raw]), np.array([each is not None for each in raw], bool))
    made = filter_values(PRICE, column)
    assert isinstance(made, FilterNumbers)
    return made


@given(raw=WORDS, wanted=st.lists(st.sampled_from(["red", "blue", "green", 7, 7.0, True])))
def test_an_item_fits_when_its_word_is_wanted_however_the_caller_writes_numbers(raw, wanted):
    texts = {"true" if each is True else str(int(each)) if isinstance(each, int | float) else each for each in wanted}
    assert words_of(raw).fitting(wanted).tolist() == [each is not None and each in texts for each in raw]


@given(raw=NUMBERS, least=st.none() | BOUND, most=st.none() | BOUND)
def test_an_item_fits_when_its_number_lies_between_the_bounds_which_are_included(raw, least, most):
    bounds = {name: each for name, each in (("min", least), ("max", most)) if each is not None}
    low, high = (-math.inf if least is None else least), (math.inf if most is None else most)
    if not bounds or low > high:
        with pytest.raises(ValueError, match=r"wanted|above"):
            numbers_of(raw).fitting(bounds)
    else:
        expected = [each is not None and low <= each <= high for each in raw]
        assert numbers_of(raw).fitting(bounds).tolist() == expected


@given(before=WORDS, changes=st.dictionaries(st.integers(0, 9), st.none() | st.sampled_from(["red", "new", "8"])))
def test_words_that_come_later_are_as_if_they_had_been_there_from_the_start(before, changes):
    size = max([len(before), *(row + 1 for row in changes)])
    raw = [changes.get(row, before[row] if row < len(before) else None) for row in range(size)]
    rows = np.array(list(changes), np.int64)
    after = words_of(before).with_rows(rows, words_of(list(changes.values())), size)
    for wanted in (["red"], ["new", "8"], ["blue"], []):
        assert after.fitting(wanted).tolist() == words_of(raw).fitting(wanted).tolist()


def test_numbers_that_come_later_are_as_if_they_had_been_there_from_the_start():
    after = numbers_of([1.0, 2.0]).with_rows(np.array([3, 0]), numbers_of([9.0, None]), 4)
    np.testing.assert_array_equal(after.values, [np.nan, 2.0, np.nan, 9.0])


@pytest.mark.parametrize("wanted", ["red", 7, None, {"min": 1}, [None], [["red"]], [{}]])
def test_what_is_no_list_of_words_is_refused_with_what_is_wanted(wanted):
    with pytest.raises(ValueError, match="a list of texts or numbers is wanted"):
        words_of(["red"]).fitting(wanted)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (50, "an object with 'min', 'max' or both"),
        ([1, 2], "an object with"),
        ({}, "an object with"),
        ({"max": 1, "mx": 2}, "an object with"),
        ({"max": "50"}, "'min' and 'max' are numbers"),
        ({"max": True}, "are numbers"),
        ({"min": None}, "are numbers"),
        ({"min": math.nan}, "are numbers"),
        ({"min": 2, "max": 1}, "'min' is above 'max'"),
    ],
)
def test_what_is_no_range_is_refused_with_what_is_wanted(wanted, words):
    with pytest.raises(ValueError, match=words):
        numbers_of([1.0]).fitting(wanted)


def test_times_are_numbers():
    made = filter_values(
        Feature(name="since", entity=Entity.ITEM, kind=Kind.TIME, filterable=True), np.array([1e9, 2e9])
    )
    assert made.fitting({"min": 1.5e9}).tolist() == [False, True]

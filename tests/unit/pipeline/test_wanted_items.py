from dataclasses import replace

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of
from winnow.features.filter_values import FilterNumbers, FilterWords
from winnow.pipeline.wanted_items import wanted_items
from winnow.schema.errors import RequestError

CATALOGUE = replace(
    catalogue_of(4),
    filters={
        "colour": FilterWords(codes=np.array([0, 1, 0, -1], np.int32), words=("red", "blue")),
        "price": FilterNumbers(values=np.array([1.0, 2.0, 3.0, np.nan])),
    },
)


@pytest.mark.parametrize(
    ("filters", "allow", "wanted"),
    [
        ({}, None, [True] * 4),
        ({"colour": ["red"]}, None, [True, False, True, False]),
        ({"colour": ["red", "blue"], "price": {"min": 2}}, None, [False, True, True, False]),
        ({"colour": ["green"]}, None, [False] * 4),
        ({}, ["item-3", "item-1", "nobody knows"], [False, True, False, True]),
        ({"price": {"max": 2}}, ["item-3", "item-1"], [False, True, False, False]),
        ({}, [], [False] * 4),
    ],
)
def test_an_item_is_wanted_when_all_filters_fit_and_the_list_names_it(filters, allow, wanted):
    assert wanted_items(CATALOGUE, filters, allow).tolist() == wanted


def test_what_cannot_be_filtered_by_is_refused_with_what_can():
    with pytest.raises(RequestError, match="filtered by 'size'; the bundle that answers has: colour, price"):
        wanted_items(CATALOGUE, {"size": [1]})
    with pytest.raises(RequestError, match="has: none; mark features of items as filterable in the schema, and train"):
        wanted_items(catalogue_of(2), {"x" * 100: [1]})


def test_a_wrong_value_is_named_with_what_was_wanted():
    with pytest.raises(RequestError, match="The filter 'price' is 'cheap'; an object with 'min', 'max' or both"):
        wanted_items(CATALOGUE, {"price": "cheap"})

"""What follows on a positive event is one too, and is told apart besides."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.data.conftest import SCHEMA
from winnow.data.positive_outcomes import came_of, further_outcomes, positive_outcomes
from winnow.schema.schema import Events


@pytest.mark.parametrize(
    ("positives", "outcomes"),
    [
        (("click",), ("click", "cart", "purchase")),
        (("purchase",), ("purchase",)),
        (("view",), ("view", "click", "cart", "purchase")),
        (("purchase", "cart"), ("purchase", "cart")),
    ],
)
def test_what_follows_on_a_positive_is_one(positives, outcomes):
    assert positive_outcomes(replace(SCHEMA, events=Events(positives=positives))) == outcomes


@pytest.mark.parametrize(
    ("positives", "outcomes"),
    [
        (("click",), ("cart", "purchase", "dismiss")),
        (("purchase", "click"), ("cart", "purchase", "dismiss")),
        (("cart",), ("purchase", "dismiss")),
        (("purchase",), ("dismiss",)),
        (("view",), ("cart", "purchase", "dismiss")),
        (("dismiss",), ()),
    ],
)
def test_further_outcomes_follow_on_the_first_positive_or_dismiss_what_was_shown(positives, outcomes):
    assert further_outcomes(replace(SCHEMA, events=Events(positives=positives))) == outcomes


def test_who_bought_has_come_to_the_cart():
    outcomes = ["view", "click", "cart", "purchase", "dismiss", None]
    found = came_of(outcomes, ("cart", "purchase", "dismiss"))
    assert [np.flatnonzero(row).tolist() for row in found] == [[], [], [0], [0, 1], [2], []]
    assert found.dtype == bool


def test_of_no_outcomes_there_is_a_column_each_and_no_names_make_none():
    assert came_of([], ("cart", "dismiss")).shape == (0, 2)
    assert came_of(["click"], ()).shape == (1, 0)

"""How many clicks items can be expected to get, by one who knows all days and by one who saw some of them."""

from dataclasses import replace

import numpy as np
import pytest

from winnow.data.shop.expected_clicks import expected_clicks
from winnow.data.shop.tables import DAY_S, OPENING
from winnow.data.shop.truth import Truth


@pytest.fixture(scope="module")
def truth(tiny_folder) -> Truth:
    return Truth.open(tiny_folder)


def instant(day: float) -> float:
    return OPENING + day * DAY_S


def clicks(truth: Truth, day: float, seen_until: float | None) -> np.ndarray:
    """Of ten people on a day."""
    likings = truth.world.people(0).likings[:10]
    return expected_clicks(truth, likings, np.full(10, instant(day)), np.zeros(10, np.int64), seen_until)


def with_fashion(truth: Truth, days: slice) -> Truth:
    """Other fashions on some days."""
    moments = truth.world.moments
    fashion = moments.fashion.copy()
    fashion[days] = fashion[days][:, ::-1] + 1
    return replace(truth, world=replace(truth.world, moments=replace(moments, fashion=fashion)))


def test_on_the_last_day_all_is_seen(truth: Truth):
    last = truth.world.spec.days - 1
    assert (truth.world.items.arrives <= last).all()
    np.testing.assert_allclose(
        clicks(truth, last + 0.5, instant(last + 0.6)), clicks(truth, last + 0.5, None), rtol=1e-6
    )


def test_who_saw_some_days_knows_nothing_of_those_to_come(truth: Truth):
    days = truth.world.spec.days
    other = with_fashion(truth, slice(days - 1, days))
    early, late = instant(days - 4.5), instant(days - 0.5)
    np.testing.assert_array_equal(clicks(other, days - 3, early), clicks(truth, days - 3, early))
    for known in (late, None):
        assert not np.allclose(clicks(other, days - 3, known), clicks(truth, days - 3, known))


def test_items_that_came_later_are_expected_to_be_shown_as_their_style_is(truth: Truth):
    items = truth.world.items
    styles, number = np.unique(items.style[items.arrives == 0], return_counts=True)
    row = int(np.flatnonzero((items.arrives == 0) & np.isin(items.style, styles[number > 1]))[0])
    arrives = np.zeros_like(items.arrives)
    arrives[row] = truth.world.spec.days - 1
    later = replace(truth, world=replace(truth.world, items=replace(items, arrives=arrives)))
    found = clicks(later, 2.0, instant(2.0))
    assert (found[:, row] > 0).all(), "nobody has seen it, and it is there"
    others = np.flatnonzero((items.style == items.style[row]) & (np.arange(len(items)) != row))
    assert found[:, row].mean() == pytest.approx(found[:, others].mean(), rel=0.9)

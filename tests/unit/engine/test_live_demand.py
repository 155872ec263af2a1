from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.serving.small_engine import counting_engine
from winnow.engine.live_demand import HELD, LiveDemand
from winnow.stores.state_config import HALF_LIFE_S

UNTIL = 1e9
STOCK = counting_engine(trending=np.array([0, 2, 4, 6, 8, 10, 30, 0], np.float32), until=UNTIL).stock
COUNTS = STOCK.counts
TOTAL = float(COUNTS.trending.sum())
NOBODY = np.empty(0, np.uint64), np.empty(0)


def live(weights: dict[int, float], at: float = UNTIL) -> LiveDemand:
    hashes = STOCK.catalogue.hashes[list(weights)] if weights else NOBODY[0]
    return LiveDemand.of(STOCK.catalogue, (hashes, np.array(list(weights.values()), np.float64)), at)


def test_events_of_an_item_add_up_and_those_of_strangers_are_passed_over():
    known = STOCK.catalogue.hashes
    told = np.array([known[3], 12345, known[3], known[0]], np.uint64), np.array([1, 8, 0.5, 2])
    assert LiveDemand.of(STOCK.catalogue, told, UNTIL).weights.tolist() == [2, 0, 0, 1.5, 0, 0, 0, 0]


@pytest.mark.parametrize("age_s", [-1e6, 0, 86_400, 1e9])
def test_without_events_sources_count_what_training_counted_to_the_last_bit(age_s):
    assert live({}, UNTIL + age_s).on_the_scale_of(COUNTS) is COUNTS.trending


def test_what_training_counted_fades_and_never_below_what_is_held():
    later = live({0: 1}, UNTIL + HALF_LIFE_S)
    assert later.with_counted(COUNTS).tolist() == [1, 1, 2, 3, 4, 5, 15, 0]
    assert later.with_counted(COUNTS, held=TOTAL * 0.75).tolist() == [1, 1.5, 3, 4.5, 6, 7.5, 22.5, 0]
    assert later.with_counted(COUNTS, held=TOTAL * 2).tolist() == [1, 2, 4, 6, 8, 10, 30, 0]
    assert later.with_counted(None).tolist() == [1, 0, 0, 0, 0, 0, 0, 0]


@given(
    st.dictionaries(st.integers(0, 7), st.floats(1e-3, 1e6), min_size=1),
    st.floats(0, 1e10),
)
def test_scores_of_the_sources_stay_on_the_scale_that_the_ranker_knows(weights, age_s):
    scaled = live(weights, UNTIL + age_s).on_the_scale_of(COUNTS)
    assert scaled.dtype == np.float32
    assert scaled.sum(dtype=np.float64) == pytest.approx(TOTAL, rel=1e-5)
    order = np.argsort(-live(weights, UNTIL + age_s).with_counted(COUNTS, HELD), kind="stable")
    assert (np.diff(scaled[order]) <= 0).all()


def test_where_training_counted_nothing_live_events_are_the_scale():
    nothing = replace(COUNTS, trending=np.zeros(8, np.float32))
    assert live({2: 3.0}).on_the_scale_of(nothing).tolist() == [0, 0, 3, 0, 0, 0, 0, 0]


def test_years_after_the_training_one_event_changes_little():
    many = replace(COUNTS, trending=COUNTS.trending * np.float32(1000))
    after = live({0: 1}, UNTIL + 3650 * 86_400).on_the_scale_of(many)
    assert after[1:] == pytest.approx(many.trending[1:] * HELD / (HELD + 1), rel=1e-6)


def test_only_other_events_are_news_and_a_later_instant_is_none():
    first = live({1: 1, 5: 3})
    assert live({}).adds_to(None, COUNTS) is False
    assert first.adds_to(None, COUNTS)
    later = UNTIL + 3 * HALF_LIFE_S
    assert not live({1: 1 / 8, 5: 3 / 8}, later).adds_to(first, COUNTS)
    assert not live({1: 1 / 8, 5: 3 / 8}, later).adds_to(first, None)
    assert live({1: 1 / 8 + 1, 5: 3 / 8}, later).adds_to(first, COUNTS)
    assert live({}, later).adds_to(first, COUNTS)


def test_of_new_items_nothing_is_known_until_the_stock_is_told_again():
    assert live({7: 2}).with_new(10).weights.tolist() == [0, 0, 0, 0, 0, 0, 0, 2, 0, 0]

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.data import split
from winnow.data.dataset import Dataset
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.simulate import simulate
from winnow.schema.errors import DataError


@cache
def shop() -> Dataset:
    return simulate(SIZES["tiny"])


def test_a_split_survives_its_dictionary():
    cut = split.TimeSplit(train_until=1.5, test_until=2.5)
    assert split.TimeSplit.from_dict(cut.to_dict()) == cut
    assert split.split_from_dict(cut.to_dict()) == cut


def test_a_split_of_before_there_were_kinds_is_a_cut_in_time():
    assert split.split_from_dict({"train_until": 1.5, "test_until": 2}) == split.TimeSplit(
        train_until=1.5, test_until=2
    )


def test_a_split_of_a_later_program_is_refused():
    with pytest.raises(DataError, match="of the kind 'rolling', which this program does not know; upgrade"):
        split.split_from_dict({"kind": "rolling"})


def test_no_event_lies_between_training_and_the_test_of_a_cut_in_time():
    assert split.validation_events(shop(), split.split_by_time(shop(), 3)).num_rows == 0


@given(st.floats(0.5, 12))
def test_every_event_is_on_the_side_where_its_time_puts_it(days):
    cut = split.split_by_time(shop(), days)
    at = shop().events["at"].to_pylist()
    assert cut.test_until == max(at)
    assert cut.train_until == pytest.approx(max(at) - days * 86_400)
    assert split.train_events(shop(), cut)["at"].to_pylist() == [each for each in at if each < cut.train_until]
    assert split.test_events(shop(), cut)["at"].to_pylist() == [each for each in at if each >= cut.train_until]


def test_an_event_at_the_very_cut_is_for_evaluation_and_later_ones_than_the_end_for_nothing(validate):
    dataset = validate()
    cut = split.TimeSplit(train_until=1_767_268_805.0, test_until=1_767_268_807.0)
    assert split.train_events(dataset, cut).num_rows == 5
    assert split.test_events(dataset, cut)["at"].to_pylist() == [1_767_268_805.0 + n for n in range(3)]


@pytest.mark.parametrize("days", [0, -1, float("nan")])
def test_days_that_are_no_time_are_refused(days):
    with pytest.raises(DataError, match="more than 0 are wanted"):
        split.split_by_time(shop(), days)


def test_a_cut_before_the_first_positive_is_refused():
    with pytest.raises(DataError, match=r"from 2026-01-05 to 2026-01-18; with the last 30 .* \(click\) before the cut"):
        split.split_by_time(shop(), 30)


def test_a_cut_after_the_last_positive_is_refused(validate, events):
    for event in events[6:]:
        event["what"] = "looked"
    with pytest.raises(DataError, match="after the cut"):
        split.split_by_time(validate(), 3 / 86_400)

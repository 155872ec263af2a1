"""Dates after the cut."""

from tests.unit.evaluation.leaks.planting import CUT, cut_in_time, leave_one_out, random_shop, with_column
from winnow.data.dataset import ITEM, USER
from winnow.evaluation.leaks.later_dates import later_dates
from winnow.schema.feature import Entity, Kind


def test_dates_before_the_cut_and_missing_ones_pass() -> None:
    shop = with_column(random_shop(0), Entity.ITEM, "created", [None, *[CUT - 1] * 8], Kind.TIME)
    (found,) = later_dates(cut_in_time(shop))
    assert found.severity == "none"
    assert found.sentence.startswith("0 of 9 rows")


def test_a_date_after_the_cut_is_a_warning_with_its_row() -> None:
    shop = with_column(random_shop(0), Entity.ITEM, "last_sold", [CUT - 1] * 8 + [CUT + 60], Kind.TIME)
    shop = with_column(shop, Entity.USER, "last_seen", [CUT] * 12, Kind.TIME)
    of_items, of_users = later_dates(cut_in_time(shop))
    assert of_items.severity == of_users.severity == "warning"
    assert of_items.evidence == ({ITEM: "i8", "last_sold": "1970-01-01T00:17:40+00:00"},)
    assert of_users.sentence.startswith("12 of 12 rows")
    assert of_users.evidence[0][USER] == "u0"


def test_an_item_that_is_new_may_have_come_after_the_cut() -> None:
    shop = with_column(random_shop(0, items=9, events=30), Entity.ITEM, "created", [CUT + 1] * 9, Kind.TIME)
    events = cut_in_time(shop)
    (found,) = later_dates(events)
    known = len(set(events.train.table[ITEM].to_pylist()))
    assert found.sentence.startswith(f"{known} of {known} rows")
    assert known < 9


def test_the_time_of_the_event_and_splits_without_a_cut_have_no_such_dates() -> None:
    assert list(later_dates(cut_in_time(random_shop(0)))) == []
    shop = with_column(random_shop(0), Entity.ITEM, "created", [CUT + 1] * 9, Kind.TIME)
    assert list(later_dates(leave_one_out(shop))) == []

"""Numbers that stand for names."""

import numpy as np

from tests.unit.evaluation.leaks.planting import random_shop
from winnow.data.dataset import AT, ITEM, USER
from winnow.evaluation.leaks.coded_events import CodedEvents, instant


def test_codes_lead_back_to_the_names() -> None:
    shop = random_shop(0)
    coded = CodedEvents.of(shop, shop.events)
    users, items = shop.users[USER].to_pylist(), shop.items[ITEM].to_pylist()
    assert [users[row] for row in coded.user_rows] == shop.events[USER].to_pylist()
    assert [items[row] for row in coded.items] == shop.events[ITEM].to_pylist()
    names = dict(zip(coded.users.tolist(), shop.events[USER].to_pylist(), strict=True))
    assert len(set(names.values())) == len(names), "one code for each user"
    assert [names[code] for code in coded.users.tolist()] == shop.events[USER].to_pylist()


def test_whom_the_tables_lack_has_no_row() -> None:
    shop = random_shop(0)
    coded = CodedEvents.of(shop, shop.events.set_column(0, USER, [["nobody"] * len(shop.events)]))
    assert set(coded.user_rows.tolist()) == {-1}
    assert set(coded.users.tolist()) == {0}


def test_moments_are_equal_where_user_and_time_are() -> None:
    shop = random_shop(1)
    coded = CodedEvents.of(shop, shop.events)
    pairs = list(zip(coded.users.tolist(), coded.at.tolist(), strict=True))
    moments = coded.moments
    for a in range(40):
        for b in range(40):
            assert (moments[a] == moments[b]) == (pairs[a] == pairs[b])


def test_a_part_shows_its_own_rows() -> None:
    shop = random_shop(2)
    part = CodedEvents.of(shop, shop.events).slice(5, 20)
    (shown,) = part.first_rows(np.array([3]))
    row = shop.events.slice(8, 1).to_pylist()[0]
    assert shown == {**row, AT: instant(row[AT])}


def test_an_instant_is_written_as_people_do_and_one_beyond_the_calendar_as_a_number() -> None:
    assert instant(0) == "1970-01-01T00:00:00+00:00"
    assert instant(1e30) == "1e+30 s"

"""Events that are there twice."""

import numpy as np
import pytest

from tests.unit.evaluation.leaks.planting import CUT, cut_in_time, random_shop, sides
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.evaluation.leaks.coded_events import CodedEvents
from winnow.evaluation.leaks.duplicate_events import duplicate_events, same_event


@pytest.mark.parametrize("seed", range(5))
def test_events_share_a_number_where_all_four_are_equal(seed: int) -> None:
    shop = random_shop(seed)
    group = same_event(CodedEvents.of(shop, shop.events))
    numbers: dict[tuple[object, ...], int] = {}
    rows = shop.events.select([USER, ITEM, TYPE, AT]).to_pylist()
    for row, number in zip(rows, group.tolist(), strict=True):
        assert numbers.setdefault(tuple(row.values()), number) == number
    assert sorted(numbers.values()) == list(range(len(numbers)))
    assert len(numbers) < len(rows), "the shop has some"


def distinct_rows(shop):
    coded = CodedEvents.of(shop, shop.events)
    return np.sort(np.unique(same_event(coded), return_index=True)[1])


def test_a_shop_without_passes() -> None:
    shop = random_shop(0)
    rows = distinct_rows(shop)
    found = duplicate_events(sides(shop, rows[:100], rows[100:], None))
    assert found.severity == "none"
    assert f"0 of {len(rows) - 100} held-out events" in found.sentence


def test_on_one_side_they_are_a_warning_with_their_rows() -> None:
    shop = random_shop(0)
    found = duplicate_events(cut_in_time(shop))
    assert found.severity == "warning"
    assert f"{400 - len(distinct_rows(shop))} of all 400 events repeat another" in found.sentence
    assert len(found.evidence) == 5


def test_across_the_sides_one_is_a_leak() -> None:
    shop = random_shop(0)
    rows = distinct_rows(shop)
    found = duplicate_events(sides(shop, [*rows[:100], rows[120]], rows[100:], CUT))
    assert found.severity == "leak"
    assert found.sentence.startswith("1 of ")
    assert found.evidence[0][ITEM] == shop.events[ITEM][int(rows[120])].as_py()

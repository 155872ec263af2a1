"""Values of features at the events of the training time."""

from dataclasses import replace

import numpy as np

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, with_column
from winnow.data.dataset import ITEM, USER
from winnow.evaluation.leaks.feature_codes import declared, feature_codes
from winnow.schema.feature import Entity, Kind

WORDS = ["red", None, "blue", "red"]


def read(shop, entity, kind, *, ranges=False):
    events = cut_in_time(shop)
    (feature,) = declared(events, entity, (kind,))
    found = feature_codes(events, feature, ranges=ranges)
    return events, [found.values[code] for code in found.codes.tolist()]


def test_every_event_has_the_value_of_its_item() -> None:
    words = [WORDS[row % 4] for row in range(9)]
    shop = with_column(random_shop(0), Entity.ITEM, "colour", words, Kind.CATEGORY)
    events, told = read(shop, Entity.ITEM, Kind.CATEGORY)
    of = dict(zip(shop.items[ITEM].to_pylist(), words, strict=True))
    assert told == [of[item] or "missing" for item in events.train.table[ITEM].to_pylist()]


def test_every_event_has_the_value_of_its_user_and_strangers_have_none() -> None:
    words = [WORDS[row % 4] for row in range(12)]
    shop = with_column(random_shop(0), Entity.USER, "colour", words, Kind.CATEGORY)
    shop = replace(shop, users=shop.users.slice(0, 8))
    events, told = read(shop, Entity.USER, Kind.CATEGORY)
    of = dict(zip(shop.users[USER].to_pylist(), words[:8], strict=True))
    assert told == [of.get(user) or "missing" for user in events.train.table[USER].to_pylist()]


def test_every_event_has_its_own_value_of_the_context() -> None:
    words = [WORDS[row % 4] for row in range(400)]
    shop = with_column(random_shop(0), Entity.CONTEXT, "colour", words, Kind.ID)
    events, told = read(shop, Entity.CONTEXT, Kind.ID)
    assert told == [each or "missing" for each in events.train.table["colour"].to_pylist()]


def test_numbers_are_read_in_ranges_that_rise_and_missing_stays_apart() -> None:
    numbers = [None if row % 10 == 0 else float(row % 137) for row in range(400)]
    shop = with_column(random_shop(0), Entity.CONTEXT, "amount", numbers, Kind.NUMBER)
    events, told = read(shop, Entity.CONTEXT, Kind.NUMBER, ranges=True)
    values = events.train.table["amount"].to_pylist()
    assert [each == "missing" for each in told] == [each is None for each in values]
    edges = [float(each.removeprefix("from ")) for each in told if each != "missing"]
    there = [each for each in values if each is not None]
    assert all(edge <= value for edge, value in zip(edges, there, strict=True))
    assert np.all(np.diff(np.array(edges)[np.argsort(there, kind="stable")]) >= 0)
    assert 30 < len(set(edges)) <= 64


def test_a_column_without_any_number_is_missing_everywhere() -> None:
    shop = with_column(random_shop(0), Entity.CONTEXT, "amount", [None] * 400, Kind.NUMBER)
    assert set(read(shop, Entity.CONTEXT, Kind.NUMBER, ranges=True)[1]) == {"missing"}

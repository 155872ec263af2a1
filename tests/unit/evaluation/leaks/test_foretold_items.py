"""Columns that name what comes."""

import numpy as np
import pytest

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, with_column
from winnow.data.dataset import ITEM, USER, Dataset
from winnow.evaluation.leaks.foretold_items import foretold, foretold_items
from winnow.schema.feature import Entity, Kind

USERS, ITEMS = 60, 200


@pytest.fixture
def shop() -> Dataset:
    return random_shop(0, events=1_200, users=USERS, items=ITEMS)


def last(shop: Dataset, key: str, other: str, names: list[str], *, before: float = np.inf) -> list[str | None]:
    found = {row[key]: row[other] for row in shop.events.to_pylist() if row["at"] < before}
    return [found.get(name) for name in names]


def pairs(events) -> set[tuple[str, str]]:
    return {(row[USER], row[ITEM]) for row in events.table.to_pylist()}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_asked_and_hit_is_that_of_a_slow_loop(shop: Dataset, seed: int) -> None:
    draw = np.random.default_rng(seed)
    named = [None if draw.random() < 0.2 else f"i{draw.integers(40)}" for _ in range(USERS)]
    named[::3] = last(shop, USER, ITEM, shop.users[USER].to_pylist())[::3]
    events = cut_in_time(with_column(shop, Entity.USER, "favourite", named, Kind.ID))
    (found,) = foretold(events)
    before, after = pairs(events.train), pairs(events.test)
    told = [(user, item) for user, item in zip(shop.users[USER].to_pylist(), named, strict=True) if item]
    asked = [pair for pair in told if pair not in before and pair[0] in {user for user, _ in after}]
    assert found.asked == len(asked)
    assert found.hits == len(set(asked) & after) > 0


def test_the_last_item_of_a_user_is_a_leak_and_that_of_the_cut_is_not(shop: Dataset) -> None:
    names = shop.users[USER].to_pylist()
    at_end, at_cut = last(shop, USER, ITEM, names), last(shop, USER, ITEM, names, before=1_000)
    found = foretold_items(cut_in_time(with_column(shop, Entity.USER, "last_item", at_end, Kind.ID)))
    assert found.severity == "leak"
    assert "'last_item' names" in found.sentence
    assert all(row["named by"] == "last_item" for row in found.evidence)
    honest = foretold_items(cut_in_time(with_column(shop, Entity.USER, "last_item", at_cut, Kind.ID)))
    assert honest.severity == "none"
    assert honest.sentence.startswith("1 columns of users and items hold ids of the other")


def test_the_last_buyer_of_an_item_is_a_leak_as_well(shop: Dataset) -> None:
    buyers = last(shop, ITEM, USER, shop.items[ITEM].to_pylist())
    found = foretold_items(cut_in_time(with_column(shop, Entity.ITEM, "last_buyer", buyers, Kind.CATEGORY)))
    assert found.severity == "leak"
    row = found.evidence[0]
    assert dict(zip(shop.items[ITEM].to_pylist(), buyers, strict=True))[row[ITEM]] == row[USER]


def test_a_guess_that_comes_true_now_and_then_is_none(shop: Dataset) -> None:
    guesses = [f"i{row % ITEMS}" for row in range(USERS)]
    found = foretold_items(cut_in_time(with_column(shop, Entity.USER, "promoted", guesses, Kind.ID)))
    assert found.severity == "none"


def test_a_column_that_holds_no_ids_is_not_looked_at(shop: Dataset) -> None:
    found = foretold_items(cut_in_time(with_column(shop, Entity.USER, "town", ["Bonn"] * USERS, Kind.CATEGORY)))
    assert found.sentence.startswith("0 columns")

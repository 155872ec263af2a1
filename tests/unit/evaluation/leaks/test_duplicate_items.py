"""Items under two names."""

from dataclasses import replace

import pyarrow as pa

from tests.unit.evaluation.leaks.planting import random_shop, with_column
from winnow.data.dataset import ITEM, Dataset
from winnow.evaluation.leaks.duplicate_items import duplicate_items
from winnow.schema.feature import Entity, Kind


def described(names: list[str], prices: list[float | None]) -> Dataset:
    shop = with_column(random_shop(0), Entity.ITEM, "price", prices, Kind.NUMBER)
    return with_column(shop, Entity.ITEM, "words", names, Kind.TEXT)


def test_items_that_differ_in_one_column_pass() -> None:
    found = duplicate_items(described(["lamp"] * 9, [float(row) for row in range(9)]))
    assert found.severity == "none"
    assert "0 of 9 items" in found.sentence


def test_items_that_say_the_same_are_a_warning_with_the_first_of_them() -> None:
    names = ["lamp", "bed", "lamp", "sofa", "desk", "cup", "bed", "fork", "rug"]
    found = duplicate_items(described(names, [1.0, 2, 1, 3, 4, 5, 2.5, None, 7]))
    assert found.severity == "warning"
    assert found.sentence.startswith("2 of 9 items")
    assert found.evidence == ({ITEM: "i0", "words": "lamp", "items": 2},)


def test_items_without_words_are_not_compared() -> None:
    shop = with_column(random_shop(0), Entity.ITEM, "price", [1.0] * 9, Kind.NUMBER)
    found = duplicate_items(shop)
    assert found.severity == "none"
    assert "no title and no texts" in found.sentence


def test_an_id_that_occurs_twice_is_a_leak() -> None:
    shop = random_shop(0)
    found = duplicate_items(replace(shop, items=pa.concat_tables([shop.items, shop.items.slice(2, 1)])))
    assert found.severity == "leak"
    assert found.sentence == "1 of 10 items repeat an id."

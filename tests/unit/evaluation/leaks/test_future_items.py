"""What was learnt of items, and whether anybody could have known."""

from dataclasses import replace

import pyarrow as pa

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, trained_on, with_column
from winnow.data.dataset import AT, ITEM, Dataset
from winnow.evaluation.leaks.future_items import future_items
from winnow.schema.feature import Entity, Kind


def shop_with_a_newcomer() -> Dataset:
    """Item i8, the only green one, and the only tablet come after the cut."""
    shop = random_shop(0)
    names = [
        "i1" if item == "i8" and at < 1_000 else item
        for item, at in zip(shop.events[ITEM].to_pylist(), shop.events[AT].to_pylist(), strict=True)
    ]
    shop = replace(shop, events=shop.events.set_column(1, ITEM, pa.array(names)))
    shop = with_column(shop, Entity.ITEM, "colour", ["red"] * 8 + ["green"], Kind.CATEGORY)
    devices = ["phone" if at < 1_000 else "tablet" for at in shop.events[AT].to_pylist()]
    return with_column(shop, Entity.CONTEXT, "device", devices, Kind.CATEGORY)


def words(*, items: int = 8, colours: tuple[str, ...] = ("red",), devices: tuple[str, ...] = ("phone",)):
    return {
        Entity.ITEM: {ITEM: tuple(f"i{each}" for each in range(items)), "colour": colours},
        Entity.CONTEXT: {"device": devices},
    }


def test_what_the_training_time_knows_passes() -> None:
    events = cut_in_time(shop_with_a_newcomer())
    found = future_items(events, trained_on(events, words=words()))
    assert found.severity == "none"
    assert found.sentence.startswith("0 of 10 values")


def test_an_item_a_word_and_a_context_of_the_test_time_are_leaks() -> None:
    events = cut_in_time(shop_with_a_newcomer())
    cases = {
        (ITEM, "i8"): words(items=9),
        ("colour", "green"): words(colours=("red", "green")),
        ("device", "tablet"): words(devices=("phone", "tablet")),
    }
    for (column, value), learnt in cases.items():
        found = future_items(events, trained_on(events, words=learnt))
        assert found.severity == "leak"
        assert found.sentence.startswith("1 of 11 values")
        assert found.evidence == ({"column": column, "value": value},)

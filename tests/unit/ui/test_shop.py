"""What the bundle in service lets pages show and ask."""

import asyncio
from typing import Any, cast

import pytest

from winnow.schema.feature import Kind
from winnow.ui.fault import SLOW
from winnow.ui.kept_shop import KeptShop
from winnow.ui.service import Service
from winnow.ui.shop import Shop


def told(bundle: str = "one", **limits: Any) -> Any:
    columns = (("room", Kind.CATEGORY), ("price", Kind.NUMBER), ("size", Kind.NUMBER), ("told", Kind.TEXT))
    return {
        "request_id": "r",
        "bundle": bundle,
        "card": [{"name": name, "kind": kind, "filterable": False} for name, kind in columns],
        "context": [{"name": "device_type", "kind": Kind.CATEGORY, "values": ["phone"]}],
        "likeness": [{"name": "behaviour", "kind": None}, {"name": "told", "kind": Kind.TEXT}],
        "select": "mmr",
        "limits": {"k": RANGE, "diversity": None, "explore": None, **limits},
    }


RANGE: Any = {"min": 0.0, "max": 1.0, "default": 0.3}


class Answering:
    """Stands for the service; says what is next in its list."""

    def __init__(self, *answers: Any) -> None:
        self.answers = [*answers]

    async def ask(self, call: Any) -> Any:
        return self.answers.pop(0)


def kept(*answers: Any) -> KeptShop:
    return KeptShop(service=cast("Service", Answering(*answers)), price="price")


def test_columns_go_by_what_the_schema_says_they_are() -> None:
    shop = Shop.of(told(), "size")
    assert (shop.categories, shop.price, shop.texts, shop.pictures) == (("room",), "size", ("told",), ())
    assert Shop.of(told(), "room").price == "", "a price is a number"
    assert (shop.context, shop.likeness) == ({"device_type": ("phone",)}, {"behaviour": None, "told": Kind.TEXT})


@pytest.mark.parametrize("name", ["diversity", "explore"])
def test_what_cannot_be_turned_says_why(name: str) -> None:
    assert "it selects by “mmr”" in Shop.of(told(), "").shut(name)
    assert Shop.of(told(**{name: RANGE}), "").shut(name) == ""
    assert Shop().shut(name) == "", "nobody knows"


def test_another_bundle_that_answers_is_asked_about_once() -> None:
    shop = kept(told("one"), told("two"))

    async def asked() -> list[str]:
        answers = [SLOW, {"bundle": "one"}], [{"bundle": "one"}], [SLOW], [{"items": []}], [{"bundle": "two"}]
        return [(await shop.of(*each)).bundle for each in answers]

    assert asyncio.run(asked()) == ["one", "one", "one", "one", "two"]


def test_where_nobody_answers_it_is_what_it_was() -> None:
    shop = kept(SLOW, told("one"), SLOW)

    async def asked() -> list[str]:
        return [(await shop.ask()).bundle for _ in range(3)]

    assert asyncio.run(asked()) == ["", "one", "one"]

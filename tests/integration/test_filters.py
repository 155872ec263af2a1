"""Requests that filter, on a trained bundle, over HTTP, while items come and go."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trained_shop import values_of_items
from winnow.api.client import Client
from winnow.engine.engine import Engine
from winnow.schema.errors import RequestError

AT = {"timestamp": 1_780_000_000}
NEW = "quite new"


def ids(client: Client, k: int = 10, **choice) -> list[str]:
    return [item["item_id"] for item in client.recommend("u1", AT, k=k, **choice)["items"]]


def fitting(engine: Engine, category: str | None = None, most: float = 1e9) -> set[str]:
    cards = zip(engine.catalogue.item_ids, engine.catalogue.cards, strict=True)
    return {
        item_id for item_id, card in cards if category in (None, card["category"]) and (card["price"] or 1e9) <= most
    }


def test_what_comes_back_fits_and_is_as_much_as_there_is(engine, client):
    categories = {card["category"] for card in engine.catalogue.cards}
    assert len(categories) > 2
    for category in categories:
        for most in (5.0, 50.0, 1e6):
            there = fitting(engine, category, most)
            answer = ids(client, 10, filters={"category": [category], "price": {"max": most}})
            assert set(answer) <= there
            assert len(answer) == len(set(answer)) == min(10, len(there))


def test_a_list_of_ids_is_answered_whole_and_in_order_of_rank(engine, client):
    some = list(engine.catalogue.item_ids[3:60:7])
    assert sorted(ids(client, 100, allow=[*some, "nobody knows"])) == sorted(some)
    assert ids(client, 3, allow=some) == ids(client, 100, allow=some)[:3]
    assert ids(client, 3, allow=some, exclude=some) == []


def test_without_a_filter_the_answer_is_that_of_one_that_lets_all_through(client):
    assert ids(client) == ids(client, filters={"price": {"min": 0}})


def test_new_items_are_filtered_by_what_they_bring(shop, engine, client):
    values = next(iter(values_of_items(shop).values()))
    client.put_item(NEW, {**values, "category": "never heard of", "price": 12.5})
    only = {"category": ["never heard of"]}
    assert ids(client, filters=only) == [NEW]
    assert ids(client, filters={**only, "price": {"min": 12.5, "max": 12.5}}) == [NEW]
    assert ids(client, filters={**only, "price": {"max": 12.4}}) == []
    client.put_item(NEW, {**values, "category": None, "price": 12.5})
    assert ids(client, filters=only) == []
    client.put_item(NEW, {**values, "category": "never heard of"})
    client.withdraw_item(NEW)
    assert ids(client, filters=only) == []


def test_what_cannot_be_filtered_by_is_a_sentence_with_what_can(client):
    with pytest.raises(RequestError, match=r"filtered by 'title'; .* has: category, style, made_for, price"):
        ids(client, filters={"title": ["x"]})


JSON = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = JSON | st.lists(JSON, max_size=3) | st.dictionaries(st.sampled_from(["min", "max", "x"]), JSON)
NAMES = st.sampled_from(["category", "style", "price", "title", "item_id", ""])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=st.dictionaries(NAMES, VALUES), allow=st.lists(st.text(max_size=9), max_size=3), listed=st.booleans())
def test_whatever_is_asked_is_answered_or_refused_with_a_sentence(client, filters, allow, listed):
    # A 5xx would raise Unavailable, and fail the test.
    sentence = "."
    try:
        ids(client, filters=filters, **({"allow": allow} if listed else {}))
    except RequestError as refusal:
        sentence = str(refusal)
    assert sentence.endswith(".")

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import ALLOWED, counting_engine, small_engine
from winnow.schema.errors import Unavailable
from winnow.serving.routes.word_search import WordSearch

NAMES = ("Kupferkessel", "Tee-Kanne, rot", "Café Crème", "Kanne", "Teller", "Tasse", "Glas", "Kessel")


def named_engine():
    engine = counting_engine()
    cards = tuple({"title": name, "description": f"Von Nr. {row}, Kanne"} for row, name in enumerate(NAMES))
    catalogue = replace(engine.catalogue, cards=cards)
    return replace(engine, catalogue=catalogue, stock=replace(engine.stock, catalogue=catalogue))


@pytest.fixture(scope="module")
def shop() -> Caller:
    return caller_of(named_engine())


def page(caller: Caller, **asked) -> dict:
    answer = caller.post("/v1/catalogue", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def item_ids(caller: Caller, **asked) -> list[str]:
    return [each["item_id"] for each in page(caller, **asked)["items"]]


def refused(caller: Caller, **asked) -> tuple[str | None, str]:
    answer = caller.post("/v1/catalogue", json=asked)
    assert answer.status_code == 422, answer.text
    return answer.json()["error"].get("field"), answer.json()["error"]["message"]


def test_all_that_may_be_recommended_is_there_most_popular_first_with_cards_and_counts():
    shop = caller_of(small_engine())
    answer = page(shop)
    assert (answer["total"], answer["bundle"]) == (7, "small-20261121-0001")
    assert [each["item_id"] for each in answer["items"]] == list(ALLOWED)
    assert answer["items"][0] == {"item_id": "item-0", "title": "Item 0", "price": 0.5, "rank": "a card column"}
    assert answer["facets"] == {"colour": {"red": 4, "blue": 3}}
    assert answer["ranges"] == {"price": {"min": 0.5, "max": 6.5}}


def test_a_page_is_a_piece_of_the_whole_and_the_total_that_of_all_pages(shop):
    whole = item_ids(shop, sort="-price")
    assert whole == list(reversed(ALLOWED))
    assert [item_ids(shop, sort="-price", offset=start, limit=3) for start in (0, 3, 6, 9)] == [
        whole[:3],
        whole[3:6],
        whole[6:],
        [],
    ]
    assert page(shop, offset=9)["total"] == page(shop, limit=0)["total"] == 7


def test_what_is_counted_of_a_feature_passes_all_filters_but_its_own(shop):
    answer = page(shop, filters={"colour": ["blue"], "price": {"max": 3}})
    assert [each["item_id"] for each in answer["items"]] == ["item-1"]
    assert answer["facets"]["colour"] == {"red": 2, "blue": 1}
    assert answer["ranges"]["price"] == {"min": 1.5, "max": 5.5}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kanne", ["item-1", "item-3", "item-0", "item-2", "item-4", "item-5", "item-6"]),
        ("KANNE rot", ["item-1"]),
        ("te", ["item-1", "item-4"]),
        ("creme cafe", ["item-2"]),
        ("crème", ["item-2"]),
        ("nr 4", ["item-4"]),
        ("kessel", []),
        ("nothing", []),
        ("  !! ", list(ALLOWED)),
    ],
)
def test_words_are_found_whole_or_as_beginnings_those_of_titles_first(shop, query, found):
    # 'Kessel' is a whole word of item-7 alone, which may not be recommended.
    answer = page(shop, query=query)
    assert [each["item_id"] for each in answer["items"]] == found
    assert answer["total"] == len(found) == sum(answer["facets"]["colour"].values())


def test_an_order_that_is_asked_for_comes_before_titles(shop):
    assert item_ids(shop, query="kanne", sort="popular") == list(ALLOWED)
    assert item_ids(shop, query="kanne", sort="price") == list(ALLOWED)


def test_what_nobody_had_yet_is_newest_the_last_of_it_first():
    engine = counting_engine()
    first_at = np.array([50.0, np.inf, 90.0, 10.0, np.inf, 20.0, 30.0, np.inf])
    counts = replace(engine.stock.counts, first_at=first_at)
    shop = caller_of(replace(engine, stock=replace(engine.stock, counts=counts)))
    assert item_ids(shop, sort="new") == ["item-4", "item-1", "item-2", "item-0", "item-6", "item-5", "item-3"]


def test_items_without_a_value_come_last_in_both_orders():
    engine = small_engine()
    prices = engine.catalogue.filters["price"].values.copy()
    prices[[0, 3]] = np.nan
    filters = {**engine.catalogue.filters, "price": replace(engine.catalogue.filters["price"], values=prices)}
    shop = caller_of(replace(engine, catalogue=replace(engine.catalogue, filters=filters)))
    assert item_ids(shop, sort="price") == ["item-1", "item-2", "item-4", "item-5", "item-6", "item-0", "item-3"]
    assert item_ids(shop, sort="-price", limit=6)[-2:] == ["item-1", "item-0"]


@pytest.mark.parametrize("sort", ["colour", "-popular", "prize", "new"])
def test_an_unknown_order_is_refused_with_those_there_are(sort):
    field, sentence = refused(caller_of(small_engine()), sort=sort)
    assert field == "sort"
    assert sentence == f"'sort' is the text '{sort}'; the bundle that answers takes: popular, price, -price."


def test_an_unknown_filter_and_a_page_that_is_too_long_are_refused(shop):
    assert "'size'" in refused(shop, filters={"size": ["s"]})[1]
    assert refused(shop, limit=201)[0] == "limit"
    assert refused(shop, query="x" * 201)[0] == "query"


def test_a_stranger_elsewhere_needs_a_key():
    engine = small_engine()
    assert caller_of(engine, address="10.0.0.9").post("/v1/catalogue", json={}).status_code == 403
    assert caller_of(engine, keys=(KEY,), address="10.0.0.9").post("/v1/catalogue", json={}).status_code == 401


def test_a_search_does_not_wait_long_for_one_that_reads_the_cards():
    search, engine = WordSearch(patience_s=0.0), small_engine()
    assert search._reading.acquire()  # pyright: ignore[reportPrivateUsage]
    told = list[str]()

    def ask() -> None:
        with pytest.raises(Unavailable, match="are being read") as refusal:
            search.fitting(engine, "item")
        told.append(str(refusal.value))

    other = Thread(target=ask)
    other.start()
    other.join()
    assert len(told) == 1

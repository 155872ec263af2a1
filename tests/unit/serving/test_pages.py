"""Pages of recommendations, as callers see them."""

import time
from dataclasses import replace

import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.reranked_engine import reranked_engine
from tests.unit.serving.small_engine import ALLOWED, ITEM_IDS, small_catalogue, small_engine
from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.app import create_app
from winnow.serving.routes.cursor import Cursor
from winnow.serving.routes.cursors import MOST_SHOWN, Cursors
from winnow.serving.routes.recommendations_route import one_request
from winnow.serving.settings.settings import Settings

PATH = "/v1/recommendations"
SELECTS = ("score", "sample", "mmr", "dpp")


def page(client: Caller, **body) -> tuple[list[str], str | None]:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]], answer.json()["cursor"]


def pages(client: Caller, **body) -> list[list[str]]:
    shown, cursor = page(client, **body)
    found = [shown]
    while cursor is not None:
        shown, cursor = page(client, **body, cursor=cursor)
        found.append(shown)
    return found


def refusal(client: Caller, **body) -> dict:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["message"].endswith(".")
    return answer.json()["error"]


def joined(parts: list[list[str]]) -> list[str]:
    return [item for part in parts for item in part]


@pytest.mark.parametrize("k", [1, 2, 3, 4, 7])
def test_pages_by_score_are_the_parts_of_one_long_list(client, k):
    found = pages(client, user_id="ann", k=k)
    assert joined(found) == list(ALLOWED)
    assert [len(part) for part in found[:-1]] == [k] * (len(found) - 1)


@pytest.mark.parametrize("select", SELECTS)
@pytest.mark.parametrize("k", [1, 3])
def test_pages_show_every_item_once(select, k):
    rules = RerankingConfig(caps={"colour": 2}, pins={"item-5": 4})
    found = joined(pages(caller_of(reranked_engine(select=select, reranking=rules)), k=k))
    assert sorted(found) == list(ALLOWED)


@pytest.mark.parametrize("select", ["score", "mmr", "dpp"])
@pytest.mark.parametrize("k", [1, 3])
def test_pins_have_their_places_in_the_whole_list(select, k):
    rules = RerankingConfig(pins={"item-6": 2})
    assert joined(pages(caller_of(reranked_engine(select=select, reranking=rules)), k=k))[:2] == ["item-0", "item-6"]


def test_an_empty_page_is_the_last_where_the_items_end_with_a_page(client):
    assert pages(client, k=7) == [list(ALLOWED), []]


@pytest.mark.parametrize("k", [0, 8])
def test_there_is_no_cursor_where_fewer_came_than_wanted_or_none_was_wanted(client, k):
    assert page(client, k=k)[1] is None


def test_the_second_page_takes_account_of_the_first():
    client = caller_of(reranked_engine(select="mmr", reranking=RerankingConfig(diversity=0.9)))
    first, cursor = page(client, k=1)
    assert first == ["item-0"]
    assert page(client, k=2, exclude=first)[0][0] == "item-1", "without a cursor its twin is as good as new"
    assert page(client, k=2, cursor=cursor)[0] == ["item-4", "item-5"]


def test_caps_hold_for_all_pages():
    client = caller_of(reranked_engine(reranking=RerankingConfig(caps={"colour": 1})))
    first, cursor = page(client, k=2)
    assert first == ["item-0", "item-1"]
    assert page(client, k=2, cursor=cursor)[0] == ["item-2", "item-3"], "both colours are full, so caps say nothing"
    assert pages(client, k=1)[:2] == [["item-0"], ["item-1"]]


def test_a_cursor_that_comes_twice_gets_the_same_draw_and_another_page_another():
    client = caller_of(reranked_engine(select="sample", temperature=1e6))
    _, cursor = page(client, k=1)
    assert len({page(client, k=6, cursor=cursor)[0][0] for _ in range(5)}) == 1
    assert len({tuple(page(client, k=6)[0]) for _ in range(5)}) > 1


def test_what_the_caller_excludes_stays_away_on_every_page(client):
    assert joined(pages(client, k=2, exclude=["item-1", "?"])) == [item for item in ALLOWED if item != "item-1"]


def test_a_click_between_two_pages_counts(client):
    _, cursor = page(client, user_id="ann", k=2)
    events = [{"user_id": "ann", "item_id": "item-2", "type": "click"}]
    assert client.post("/v1/events", json={"events": events}).status_code == 200
    assert page(client, user_id="ann", k=2, cursor=cursor)[0] == ["item-3", "item-4"]


def test_the_next_page_may_be_of_another_size_and_of_other_filters(client):
    _, cursor = page(client, k=2)
    assert page(client, k=3, cursor=cursor)[0] == ["item-2", "item-3", "item-4"]
    assert page(client, k=3, cursor=cursor, filters={"colour": ["blue"]})[0] == ["item-3", "item-5"]


def another_shop(engine: Engine) -> Engine:
    """A later bundle, whose items have other rows, and item-0 is not among them."""
    names = ("new", *reversed(ITEM_IDS[1:]))
    catalogue = replace(small_catalogue(), item_ids=names)
    return replace(engine, catalogue=catalogue, name="later")


def test_a_cursor_outlives_the_change_of_the_bundle():
    shared = Settings(cursor_secret=b"s" * 32)
    before, after = (Caller(create_app(each, shared)) for each in (small_engine(), another_shop(small_engine())))
    first, cursor = page(before, k=2)
    assert first == ["item-0", "item-1"]
    assert page(after, k=8, cursor=cursor)[0] == ["new", *(f"item-{n}" for n in (7, 6, 5, 4, 3, 2))]


def test_a_cursor_becomes_rows_that_do_not_come_back_and_keep_their_places():
    shop = small_engine()
    earlier = Cursor.start("first").after(stable_hashes(["item-3", "gone", "item-0"]))
    requests = one_request(shop, RecommendationRequest(exclude=["item-2"]), "second", 2e9, earlier)
    assert requests.shown is not None
    assert requests.shown.row(0).tolist() == [3, -1, 0]
    assert requests.exclude.row(0).tolist() == [2, 3, 0]
    assert requests.seeds.tolist() == earlier.page_seed.tolist()
    assert one_request(shop, RecommendationRequest(), "first", 2e9).shown is None


def test_pages_end_where_a_cursor_is_full():
    cursors = Cursors(secret=b"s" * 32, life_s=60)
    client = Caller(create_app(small_engine(), Settings(cursor_secret=cursors.secret)))
    for shown, more in ((MOST_SHOWN - 2, True), (MOST_SHOWN - 1, False)):
        hashes = stable_hashes(f"old-{number}" for number in range(shown))
        text = cursors.written(Cursor.start("r").after(hashes), "", time.time())
        items, cursor = page(client, k=2, cursor=text)
        assert (items, cursor is not None) == (["item-0", "item-1"], more)


def test_a_cursor_of_another_user_is_refused(client):
    _, cursor = page(client, user_id="ann", k=2)
    error = refusal(client, user_id="bob", k=2, cursor=cursor)
    assert (error["code"], error["field"]) == ("cursor_invalid", "cursor")
    assert refusal(client, k=2, cursor=cursor)["code"] == "cursor_invalid"
    assert page(client, user_id="ann", k=2, cursor=cursor)[0] == ["item-2", "item-3"]


def test_cursors_end_with_the_process_unless_it_was_given_a_secret():
    _, cursor = page(caller_of(small_engine()), k=2)
    assert "before a restart" in refusal(caller_of(small_engine()), k=2, cursor=cursor)["message"]


def test_an_expired_cursor_is_refused_with_a_word_for_programs(monkeypatch):
    client = caller_of(small_engine())
    _, cursor = page(client, k=2)
    monkeypatch.setattr("winnow.serving.routes.recommendations_route.time.time", lambda: 3e9)
    assert refusal(client, k=2, cursor=cursor)["code"] == "cursor_expired"


@pytest.mark.parametrize(
    ("cursor", "code", "words"),
    [
        ("", "cursor_invalid", "is not the cursor of an answer"),
        ("caf\u00e9", "cursor_invalid", "is not the cursor of an answer"),
        ("A" * 100, "cursor_invalid", "was changed on its way"),
        ("A" * 2049, "invalid_value", "at most 2048 characters"),
        (7, "invalid_value", "'cursor' is 7; it should be text in quotes."),
    ],
)
def test_what_is_no_cursor_is_refused_with_a_sentence(client, cursor, code, words):
    error = refusal(client, cursor=cursor)
    assert (error["code"], error["field"]) == (code, "cursor")
    assert words in error["message"]


def test_half_a_character_never_gets_as_far_as_the_cursor(client):
    answer = client.post(PATH, content=b'{"user_id": "\\ud800", "cursor": "\\ud800"}')
    assert answer.status_code == 400


def test_no_cursor_is_the_first_page(client):
    assert page(client, k=2, cursor=None)[0] == page(client, k=2)[0]


@pytest.mark.parametrize("select", ["mmr", "dpp"])
def test_a_request_may_ask_for_its_own_diversity(select):
    client = caller_of(reranked_engine(select=select, reranking=RerankingConfig(diversity=0.9)))
    assert page(client, k=4, diversity=0)[0] == ["item-0", "item-1", "item-2", "item-3"]
    assert page(client, k=4, diversity=0.9)[0] == page(client, k=4)[0] == ["item-0", "item-4", "item-5", "item-6"]
    assert page(client, k=4, diversity=None)[0] == page(client, k=4)[0]


@pytest.mark.parametrize("asked", [0, 0.19, 0.61, 1])
def test_diversity_beyond_the_limits_of_the_recipe_is_refused_with_the_limits(asked):
    rules = RerankingConfig(diversity=0.3, diversity_limits=(0.2, 0.6))
    client = caller_of(reranked_engine(select="mmr", reranking=rules))
    error = refusal(client, diversity=asked)
    assert (error["code"], error["field"]) == ("invalid_value", "diversity")
    assert "takes 0.2 to 0.6" in error["message"]
    assert [len(page(client, k=2, diversity=limit)[0]) for limit in (0.2, 0.6)] == [2, 2]


@pytest.mark.parametrize("shop", [small_engine(), reranked_engine(select="score"), reranked_engine(select="sample")])
def test_diversity_is_refused_where_the_recipe_has_none(shop):
    error = refusal(caller_of(shop), diversity=0.5)
    assert error["field"] == "diversity"
    assert "orders items without regard to diversity" in error["message"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (-0.1, "greater than or equal to 0"),
        (1.1, "less than or equal to 1"),
        ("0.5", "'diversity' is the text '0.5'; it should be a number."),
        (True, "'diversity' is true; it should be a number."),
    ],
)
def test_a_diversity_that_is_none_is_refused(asked, words):
    error = refusal(caller_of(reranked_engine(select="mmr")), diversity=asked)
    assert error["field"] == "diversity"
    assert words in error["message"]


def test_the_description_of_the_api_says_how_many_items_a_cursor_holds():
    document = caller_of(small_engine(), keys=(KEY,)).get("/openapi.json").text
    assert f"the {MOST_SHOWN} that a cursor remembers" in document

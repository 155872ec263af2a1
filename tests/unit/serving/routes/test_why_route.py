import json
from dataclasses import replace

import pytest

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.late_engine import SKIPPED, late_caller
from tests.unit.serving.reranked_engine import reranked_engine
from tests.unit.serving.small_engine import small_engine
from winnow.pipeline.reranking_config import RerankingConfig

PATH = "/v1/why"


def why(client: Caller, item: str, k: int = 2, user: str = "ann", request_id: str = "", **asked) -> dict:
    query = {"item_id": item, "user_id": user, "k": k, "request_id": request_id, "asked": json.dumps(asked)}
    answer = client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def known(client) -> Caller:
    """Ann has clicked on the most popular item."""
    client.post("/v1/events", json={"events": [{"user_id": "ann", "item_id": "item-0", "type": "click"}]})
    return client


RANKED = "popular (rank {} of at most 4) proposed it; its score {} is at place {} of 3 candidates"
BY_POPULAR = "popular (rank {} of at most 4) proposed it"
HAD = "the visitor has had it, and there were enough others (filter 'seen'); "
GONE = "it is out of stock or withdrawn (filter 'allowed'), and the request excludes it (filter 'exclude'); "
UNWANTED = "it does not fit the filters, or is not on the list of those that may come (filter 'wanted'); "
BEYOND = "no source proposed it; for popular it is at rank 6 with 3, and the quota is 4, which ended at 5"


@pytest.mark.parametrize(
    ("item", "asked", "stage", "reason"),
    [
        ("item-1", {}, "answer", RANKED.format(2, 7, 1)),
        ("item-3", {}, "select", RANKED.format(4, 5, 3) + ", and that at place 2 is 6"),
        ("item-5", {}, "retrieve", BEYOND),
        ("item-0", {}, "seen", HAD + BY_POPULAR.format(1)),
        ("item-7", {"exclude": ["item-7"]}, "allowed", GONE + "no source proposed it"),
        ("item-2", {"filters": {"colour": ["blue"]}}, "wanted", UNWANTED + BY_POPULAR.format(3)),
    ],
)
def test_the_stage_where_the_way_ended_is_told_in_words(known, item, asked, stage, reason):
    told = why(known, item, **asked)
    where = "at rank 1 of the answer" if stage == "answer" else "not in the answer"
    assert (told["stage"], told["sentence"]) == (stage, f"'{item}' is {where}: {reason}.")
    assert told["in_answer"] == (stage == "answer")


def test_all_of_it_is_in_fields_too(known):
    told = why(known, "item-2")
    assert {name: told[name] for name in ("item_id", "title", "in_answer", "rank", "seen", "removed_by", "filled")} == {
        "item_id": "item-2",
        "title": "Item 2",
        "in_answer": True,
        "rank": 2,
        "seen": False,
        "removed_by": [],
        "filled": False,
    }
    assert told["sources"] == [
        {"source": "popular", "proposed": True, "quota": 4, "rank": 3, "score": 6.0, "last_score": 5.0, "asked": True}
    ]
    assert told["ranking"] == {"place": 2, "of": 3, "score": 6.0, "kth_score": 6.0, "scores": {"rank": 6.0}}
    assert told["reranking"] == {"place": 2, "rank": 2, "moved_by": None}
    names = [stage["name"] for stage in told["trace"]]
    assert names == ["state", "popular", "retrieve", "allowed", "wanted", "exclude", "seen", "fill", "rank", "select"]


def test_what_is_back_for_want_of_others_says_so(known):
    told = why(known, "item-0", k=7)
    assert (told["rank"], told["seen"], told["filled"]) == (7, True, True)
    assert told["sentence"].endswith("the visitor has had it, and it is back only because too few others were left.")


def test_nothing_is_wanted(known):
    assert why(known, "item-1", k=0)["sentence"].endswith("candidates, and no item was wanted.")


PINNED = RerankingConfig(pins={"item-5": 1})
CAPPED = RerankingConfig(caps={"colour": 1})
TIGHT = RerankingConfig(diversity=0.9)


@pytest.mark.parametrize(
    ("config", "item", "rank", "moved_by", "words"),
    [
        ({"reranking": PINNED}, "item-5", 1, "pin", "the recipe pins it to a place"),
        ({"reranking": PINNED}, "item-0", 2, "others", "pins or caps moved other items"),
        ({"reranking": CAPPED}, "item-2", 3, "over_cap", "a cap was full, and nothing else was left"),
        ({"reranking": RerankingConfig(caps={"colour": 2})}, "item-4", None, "cap", "as a cap of the recipe lets it"),
        ({"select": "mmr", "reranking": TIGHT}, "item-1", None, "diversity", "diversity was weighed against score"),
        ({"reranking": RerankingConfig()}, "item-6", None, "score", "and that at place 3 is 6."),
    ],
)
def test_what_moved_an_item_is_named(config, item, rank, moved_by, words):
    told = why(caller_of(reranked_engine(**config)), item, k=3)
    assert (told["rank"], told["reranking"]["moved_by"]) == (rank, moved_by)
    assert words in told["sentence"]


def test_a_draw_is_made_again_by_the_name_of_its_answer():
    client = caller_of(reranked_engine(select="sample"))
    for name in ("a", "b", "c"):
        answer = client.post("/v1/recommendations", json={"k": 3}, headers={"X-Request-Id": name}).json()
        ranks = {item["item_id"]: item["rank"] for item in answer["items"]}
        told = {item: why(client, item, k=3, user="", request_id=name) for item in ("item-0", "item-4", "item-6")}
        assert {item: each["rank"] for item, each in told.items()} == {item: ranks.get(item) for item in told}
        missing = [each for each in told.values() if each["rank"] is None]
        assert all(each["reranking"]["moved_by"] == "chance" for each in missing)


def test_what_the_search_missed_is_told_from_what_the_quota_left_out():
    engine = small_engine()
    (popular,) = engine.pipeline.sources

    class Careless:
        """Misses the second best item unless it is asked for everything."""

        def retrieve(self, requests, k):
            found = popular.source.retrieve(requests, k)
            return found if k == len(engine.catalogue) else found.keep(found.item_rows != 1)

    source = replace(popular, source=Careless())
    told = why(caller_of(replace(engine, pipeline=replace(engine.pipeline, sources=(source,)))), "item-1")
    assert told["stage"] == "retrieve"
    assert "for popular it is at rank 2 with 7, and the search, which is not exact, missed it" in told["sentence"]


def test_an_item_that_there_is_not_is_a_404(client):
    answer = client.get(PATH, params={"item_id": "no such item"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_item")


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({}, "item_id", "'item_id' is missing."),
        ({"item_id": ""}, "item_id", "at least 1 character"),
        ({"item_id": "item-1", "k": "1001"}, "k", "less than or equal to 1000"),
        ({"item_id": "item-1", "what": "1"}, "what", "is not a field of this request"),
        ({"item_id": "item-1", "asked": "{"}, "asked", "which is not JSON"),
        ({"item_id": "item-1", "asked": "[]"}, "asked", "it should be a JSON object"),
        (
            {"item_id": "item-1", "asked": '{"cursor": "x"}'},
            "asked",
            "'asked' holds 'cursor'; it takes: context, exclude",
        ),
        ({"item_id": "item-1", "asked": '{"exclude": 5}'}, "exclude", "it should be an array"),
        ({"item_id": "item-1", "asked": '{"context": {"x": 1}}'}, "context.x", "not known to the bundle"),
        ({"item_id": "item-1", "user_id": "a", "session_id": "b"}, "session_id", "goes by one of them"),
    ],
)
def test_a_wrong_question_is_refused_with_its_field_and_a_sentence(client, query, field, words):
    answer = client.get(PATH, params=query)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["field"] == field
    assert words in error["message"]


def test_the_description_of_the_api_tells_what_must_come(client):
    parameters = client.get("/openapi.json").json()["paths"][PATH]["get"]["parameters"]
    assert {each["name"]: each["required"] for each in parameters} == {
        "item_id": True,
        "user_id": False,
        "session_id": False,
        "k": False,
        "request_id": False,
        "asked": False,
    }


@pytest.mark.parametrize(("own_ms", "asked"), [(200, {}), (0, {"budget_ms": 0})])
def test_what_was_not_found_out_in_time_is_said(own_ms, asked):
    client = late_caller(own_ms)
    unknown = why(client, "item-6", **asked)
    assert unknown["degraded"] == SKIPPED
    assert unknown["sentence"] == (
        "'item-6' is not in the answer: no source proposed it; the time was spent before popular, more could say "
        "whether they know it; it might be otherwise with what was skipped: state, more, rank."
    )
    assert [(each["asked"], each["rank"]) for each in unknown["sources"]] == [(False, None)] * 2
    ranked = why(client, "item-3", **asked)
    assert ranked["sentence"].endswith("candidates; it might be otherwise with what was skipped: state, more, rank.")


def test_with_time_every_source_says_all_it_knows():
    told = why(late_caller(), "item-5")
    assert [(each["asked"], each["rank"]) for each in told["sources"]] == [(True, 6), (True, 3)]
    assert "skipped" not in told["sentence"]

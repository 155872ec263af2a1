"""What a request may ask of chance, and what it may be told of the way to its answer."""

import pytest

from tests.unit.serving.conftest import caller_of
from tests.unit.serving.reranked_engine import reranked_engine
from tests.unit.serving.small_engine import SilentState, counting_engine, small_engine
from winnow.pipeline.reranking_config import RerankingConfig

PATH = "/v1/recommendations"


def test_every_stage_is_told_to_who_asks_and_to_nobody_else(client):
    assert "trace" not in client.post(PATH, json={"k": 2}).json()
    assert "trace" not in client.post(PATH, json={"k": 2, "trace": False}).json()
    trace = client.post(PATH, json={"k": 2, "exclude": ["item-0"], "trace": True}).json()["trace"]
    assert [(each["name"], each["rows_in"], each["rows_out"]) for each in trace] == [
        ("state", 1, 1),
        ("popular", 0, 4),
        ("retrieve", 0, 4),
        ("allowed", 4, 4),
        ("wanted", 4, 4),
        ("exclude", 4, 3),
        ("seen", 3, 3),
        ("fill", 3, 3),
        ("rank", 3, 3),
        ("select", 3, 2),
    ]
    assert all(each["ms"] >= 0 and each["fault"] is None for each in trace)
    assert trace[-1]["rules"] == {"pin": 0, "over_cap": 0}


def test_a_fault_and_the_picks_of_rules_are_told():
    silent = caller_of(small_engine(state=SilentState()))
    assert silent.post(PATH, json={"trace": True}).json()["trace"][0]["fault"] == "The state store does not answer."
    pinned = caller_of(reranked_engine(reranking=RerankingConfig(pins={"item-5": 1})))
    assert pinned.post(PATH, json={"trace": True}).json()["trace"][-1]["rules"] == {"pin": 1, "over_cap": 0}


@pytest.mark.parametrize("trace", ["yes", 1, None])
def test_whether_to_tell_is_a_yes_or_a_no(client, trace):
    assert client.post(PATH, json={"trace": trace}).json()["error"]["field"] == "trace"


def lists_of(client, explore: float | None, draws: int = 8) -> set[tuple[str, ...]]:
    body = {"k": 3} if explore is None else {"k": 3, "explore": explore}
    answers = [client.post(PATH, json=body, headers={"X-Request-Id": f"r{n}"}).json() for n in range(draws)]
    return {tuple(item["item_id"] for item in answer["items"]) for answer in answers}


def test_a_request_says_how_much_chance_decides():
    client = caller_of(reranked_engine(select="sample", temperature=5.0))
    assert len(lists_of(client, None)) > 1
    assert len(lists_of(client, 1.0)) > 1
    assert lists_of(client, 0.0) == {("item-0", "item-1", "item-2")}


@pytest.mark.parametrize("select", ["score", "mmr", "dpp"])
def test_a_recipe_that_draws_nothing_says_so(select):
    error = caller_of(reranked_engine(select=select)).post(PATH, json={"explore": 0.5}).json()["error"]
    assert (error["field"], error["code"]) == ("explore", "invalid_value")
    assert error["message"].endswith('leaves nothing to chance; leave it out, or train with "sample" as `select`.')


def test_an_engine_without_a_recipe_draws_nothing():
    assert caller_of(small_engine()).post(PATH, json={"explore": 0.0}).status_code == 422
    assert counting_engine().explore_limits is None


@pytest.mark.parametrize("explore", [0.1, 2.5])
def test_beyond_the_limits_of_the_recipe_there_is_no_exploring(explore):
    rules = RerankingConfig(explore_limits=(0.2, 2.0))
    client = caller_of(reranked_engine(select="sample", reranking=rules))
    error = client.post(PATH, json={"explore": explore}).json()["error"]
    assert error["message"] == (
        f"'explore' is {explore}; the recipe of the bundle small-20261121-0001 takes 0.2 to 2.0."
    )
    assert client.post(PATH, json={"explore": 2.0}).status_code == 200


@pytest.mark.parametrize(
    ("explore", "words"), [(-0.1, "greater than or equal to 0"), ("hot", "should be a"), (True, "is true")]
)
def test_what_is_no_temperature_is_refused(explore, words):
    error = caller_of(reranked_engine(select="sample")).post(PATH, json={"explore": explore}).json()["error"]
    assert error["field"] == "explore"
    assert words in error["message"]


def ways(client, **asked) -> list[dict]:
    return [item["way"] for item in client.post(PATH, json={"trace": True, **asked}).json()["items"]]


def test_who_asks_for_the_trace_is_told_how_each_item_came_in_and_nobody_else(client):
    assert all("way" not in item for item in client.post(PATH, json={"k": 2}).json()["items"])
    first, second = ways(client, k=2, exclude=["item-0"])
    assert second == {
        "sources": [{"source": "popular", "rank": 3, "score": 6.0}],
        "filled": False,
        "scores": {"rank": 6.0},
        "chance": None,
        "place": 2,
        "of": 3,
        "moved_by": None,
        "reason": "popular (rank 3) proposed it; by score it is at place 2 of 3 candidates.",
    }
    assert first["sources"][0]["rank"] == 2


def test_what_came_in_to_make_up_the_number_or_came_back_says_so(client):
    events = [{"user_id": "u", "item_id": f"item-{row}", "type": "click"} for row in range(6)]
    assert client.post("/v1/events", json={"events": events}).status_code == 200
    new, back = ways(client, k=2, user_id="u")
    assert (new["filled"], back["filled"]) == (True, True)
    assert "had it" not in new["reason"]
    assert "the visitor has had it, and it is back only because too few others were left" in back["reason"]
    assert back["sources"] == []


def test_what_rules_and_diversity_moved_says_so():
    pinned = ways(caller_of(reranked_engine(reranking=RerankingConfig(pins={"item-5": 1}))), k=3)
    assert (pinned[0]["moved_by"], pinned[0]["place"]) == ("pin", 6)
    assert "the recipe pins it to a place" in pinned[0]["reason"]
    diverse = ways(caller_of(reranked_engine(select="mmr")), k=3, diversity=0.9)
    assert [(each["place"], each["moved_by"]) for each in diverse][:2] == [(1, None), (5, "diversity")]


def test_stages_say_what_they_are_and_filters_what_they_take_out(client):
    trace = client.post(PATH, json={"trace": True}).json()["trace"]
    kinds = ["lookup", "source", "retrieve", "filter", "filter", "filter", "filter", "fill", "ranking", "select"]
    assert [each["kind"] for each in trace] == kinds
    removes = {each["name"]: each["removes"] for each in trace}
    assert removes["exclude"] == "the request excludes it"
    assert removes["rank"] is None

import asyncio
import json
import time
from dataclasses import replace
from itertools import groupby

import pytest
from httpx import ASGITransport, AsyncClient

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.late_engine import SKIPPED, late_caller
from tests.unit.serving.reranked_engine import reranked_engine
from tests.unit.serving.seats import seat
from tests.unit.serving.small_engine import small_engine
from winnow.serving.app import create_app
from winnow.serving.event_log.logged_lists import logged_lists
from winnow.serving.routes.slices import SLICE
from winnow.serving.settings.settings import Settings

PATH, SINGLE = "/v1/batch", "/v1/recommendations"
NOON = {"timestamp": 1_780_000_000}


def batch(client: Caller, *requests: object, name: str = "all") -> list[dict]:
    answer = client.post(PATH, json={"requests": requests}, headers={"X-Request-Id": name})
    assert answer.status_code == 200, answer.text
    assert answer.json()["request_id"] == name
    return answer.json()["answers"]


def alone(client: Caller, body: object, name: str) -> dict:
    return client.post(SINGLE, json=body, headers={"X-Request-Id": name}).json()


ASKED = [
    {"user_id": "ann", "k": 2},
    {"k": -1},
    {"session_id": "s", "k": 3, "exclude": ["item-1"], "filters": {"colour": ["red"]}},
    {"user_id": "ann", "session_id": "s"},
    5,
    {"allow": ["item-5", "item-6"], "context": {"device_type": "phone"}},
    {"context": {"size": 1}},
    {"k": 0},
    {"cursor": "no cursor"},
    {"filters": {"size": [1]}},
]


def test_each_entry_is_answered_or_refused_as_a_call_of_its_own(client):
    client.post("/v1/events", json={"events": [{"user_id": "ann", "item_id": "item-0", "type": "click"}]})
    answers = batch(client, *ASKED)
    # A cursor says when it ends, and the calls may fall into different seconds.
    for place, (asked, answer) in enumerate(zip(ASKED, answers, strict=True)):
        expected = alone(client, asked, f"all.{place}")
        cursors = [each.pop("cursor", None) is None for each in (answer, expected)]
        assert answer == expected
        assert cursors[0] == cursors[1]
    assert ["error" in each for each in answers].count(True) == 6


def test_more_than_a_slice_is_answered_in_order(client):
    asked = [{"user_id": f"user {n}", "k": 1 + n % 5} for n in range(3 * SLICE + 1)]
    answers = batch(client, *asked)
    assert [each["request_id"] for each in answers] == [f"all.{n}" for n in range(len(asked))]
    assert [len(each["items"]) for each in answers] == [each["k"] for each in asked]


def test_each_entry_is_drawn_by_its_own_name():
    client = caller_of(reranked_engine(select="sample"))
    asked = [{"k": 5, "context": NOON}] * 6
    answers = batch(client, *asked)
    lists = [[item["item_id"] for item in each["items"]] for each in answers]
    assert len(set(map(tuple, lists))) > 1
    for place, own in enumerate(lists):
        assert own == [item["item_id"] for item in alone(client, asked[place], f"all.{place}")["items"]]


def test_a_page_after_a_page_of_a_batch(client):
    (first,) = batch(client, {"user_id": "ann", "k": 2})
    (second,) = batch(client, {"user_id": "ann", "k": 2, "cursor": first["cursor"]})
    assert [item["item_id"] for item in second["items"]] == ["item-2", "item-3"]


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, "requests", "'requests' is missing."),
        ({"requests": []}, "requests", "at least 1 item"),
        ({"requests": [{}] * 257}, "requests", "at most 256 items"),
        ({"requests": {}}, "requests", "it should be an array"),
        ({"requests": [{"k": 1000}] * 11}, "requests", "want 11,000 items together; a batch takes 10,000."),
    ],
)
def test_a_wrong_batch_is_refused_whole(client, body, field, words):
    answer = client.post(PATH, json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["field"] == field
    assert words in error["message"]


def test_what_a_batch_answers_is_in_the_log_of_lists(tmp_path):
    app = create_app(small_engine(), Settings(events=tmp_path / "log"))
    answers = batch(Caller(app), {"user_id": "ann", "k": 2}, {"k": -1}, {"user_id": "bob", "k": 1})
    asyncio.run(_close(app))
    (tmp_path / "log" / "_log_id").write_text("of the tests")
    logged = {row["request_id"]: row for row in logged_lists(tmp_path / "log").to_pylist()}
    assert logged.keys() == {"all.0", "all.2"}
    for name, user, answer in (("all.0", "ann", answers[0]), ("all.2", "bob", answers[2])):
        assert logged[name]["user_id"] == user
        assert logged[name]["item_ids"] == [item["item_id"] for item in answer["items"]]


async def _close(app) -> None:
    async with app.router.lifespan_context(app):
        pass


def test_single_requests_are_answered_while_a_batch_is():
    """A single call that comes after a batch of many slices has begun is answered before it ends."""
    client, order = caller_of(small_engine()), []

    async def call(http: AsyncClient, path: str, body: object) -> None:
        await http.post(path, content=json.dumps(body))
        order.append(path)

    async def both() -> None:
        async with AsyncClient(transport=ASGITransport(client.app), base_url="http://winnow") as http:
            await asyncio.gather(call(http, PATH, {"requests": [{}] * 256}), call(http, SINGLE, {}))

    asyncio.run(both())
    assert order == [SINGLE, PATH]


def test_each_entry_has_its_own_budget_after_those_before_it():
    client = late_caller()
    hurried, patient = {"budget_ms": 5, "k": 1}, {"k": 1}
    answers = batch(client, *[hurried] * SLICE, *[patient] * SLICE, *[hurried] * SLICE)
    # Behind who has all the time in the world nobody is late.
    assert [each["degraded"] for each in answers] == [SKIPPED] * SLICE + [[]] * 2 * SLICE
    assert [each["degraded"] for each in batch(late_caller(200), {"k": 1}, {"k": -1, "budget_ms": 5})[:1]] == [SKIPPED]


def test_a_shadow_is_asked_every_request_of_a_batch_once_all_are_answered():
    at_work = []

    def noting(name, engine):
        def clock():
            at_work.append(name)
            return time.perf_counter()

        return replace(engine, pipeline=replace(engine.pipeline, clock=clock))

    app = create_app(noting("serving", small_engine()), Settings())
    live, shadow = app.state.demand.live, app.state.shadow
    candidate = seat("b")
    live.lineup = live.lineup.prepared(replace(candidate, engine=noting("candidate", candidate.engine)))
    live.lineup = live.lineup.cast("b", "shadow")
    users = [{"user_id": f"user {n}", "k": 2} for n in range(2 * SLICE)]
    batch(Caller(app), *users, {"k": -1}, {"session_id": "s", "exclude": ["item-1"], "filters": {"colour": ["red"]}})
    shadow.settle()
    figures = shadow.of("b" * 64).figures()
    shadow.close()
    assert [name for name, _ in groupby(at_work)] == ["serving", "candidate"]
    assert figures.pop("latency_ratio") > 0
    assert figures == {"requests": len(users) + 1, "dropped": 0, "failed": 0, "overlap": 1.0, "score_shift": 0.0}

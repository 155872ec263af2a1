"""Scores, batches and reasons agree with recommendations of a trained bundle, over HTTP."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.api.recommendations import RecommendationRequest
from winnow.api.score import ScoreRequest
from winnow.api.why import WhyRequest
from winnow.engine.engine import Engine
from winnow.features.columns import columns_of
from winnow.schema.schema import EventType
from winnow.serving.routes.recommendations_route import one_request
from winnow.serving.routes.why_route import why_of

NOON = 1_790_000_000.0
EVENT = pa.table({"device_type": pa.array([None], pa.string()), "at": [NOON]})
"""As training reads one of which the device is not known."""
MOMENT = {"device_type": "phone", "timestamp": NOON}


@pytest.fixture(scope="module")
def clicked(client: Client, engine: Engine) -> list[str]:
    """Items that a newcomer had before the moment that is asked for."""
    items = list(engine.catalogue.item_ids[3:40:6])
    client.events(
        [VisitorEvent(user_id="new", item_id=item, type=EventType.CLICK, timestamp=NOON - 60) for item in items]
    )
    return items


@pytest.mark.parametrize("user", ["u1", "u7", "nobody", "new"])
def test_an_item_has_the_same_score_whoever_asks_for_it(client, engine, clicked, user):
    answer = client.recommend(user, MOMENT, k=30)
    score_of = {item["item_id"]: item["score"] for item in answer["items"]}
    scored = client.score(ScoreRequest(user_id=user, context=MOMENT, items=list(engine.catalogue.item_ids), k=30))
    assert len(scored["items"]) == len(engine.catalogue)
    assert {each["item_id"]: each["score"] for each in scored["items"] if each["item_id"] in score_of} == score_of
    # Without what was seen, the best by score are the answer: the recipe reranks nothing.
    unseen = [each["item_id"] for each in scored["items"] if not each["removed_by"]]
    assert unseen[:30] == list(score_of)
    assert all(np.isfinite(each["score"] or np.nan) for each in scored["items"])


def test_what_a_visitor_had_is_flagged_and_scored_all_the_same(client, engine, clicked):
    scored = client.score(ScoreRequest(user_id="new", context=MOMENT, items=list(engine.catalogue.item_ids)))
    assert {each["item_id"] for each in scored["items"] if each["seen"]} == set(clicked)


def test_a_batch_answers_as_single_calls_do(client, clicked):
    users = ["u1", "u2", "new", "nobody", "u5", "u6", "u7", "u8", "u9", "u10"]
    asked = [
        RecommendationRequest(user_id=user, context=MOMENT if place % 2 else {"timestamp": NOON}, k=place)
        for place, user in enumerate(users)
    ]
    for request, answer in zip(asked, client.batch(asked)["answers"], strict=True):
        single = client.recommend(request.user_id, request.context, request.k)
        assert [each["item_id"] for each in answer["items"]] == [each["item_id"] for each in single["items"]]
        scores = [[each["score"] for each in one["items"]] for one in (answer, single)]
        # Matrices of several requests are added up in another order than those of one.
        np.testing.assert_allclose(*scores, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("user", ["u1", "new"])
def test_every_item_is_where_its_reason_says(client, engine, clicked, user):
    ranks = {item["item_id"]: item["rank"] for item in client.recommend(user, MOMENT, k=10)["items"]}
    stages = set()
    for item in engine.catalogue.item_ids:
        asked = WhyRequest(
            item_id=item, user_id=user, asked=f'{{"context": {{"timestamp": {NOON}, "device_type": "phone"}}}}'
        )
        told = why_of(engine, asked, "why", now=NOON)
        assert told["rank"] == ranks.get(item)
        assert (told["stage"] == "seen") == (user == "new" and item in clicked)
        assert (told["ranking"] is None) == (told["stage"] not in {"answer", "select"})
        stages.add(told["stage"])
    assert stages == ({"answer", "select", "seen"} if user == "new" else {"answer", "select"})


def test_reasons_come_over_http_with_all_stages_and_sources(client, engine):
    told = client.why(WhyRequest(item_id=engine.catalogue.item_ids[0], user_id="u1", k=3))
    assert [each["source"] for each in told["sources"]] == [each.name for each in engine.pipeline.sources]
    ann = told["sources"][0]
    assert ann["rank"] is not None
    assert ann["last_score"] is not None
    assert [stage["name"] for stage in told["trace"]][-1] == "select"
    assert told["sentence"].startswith(f"'{engine.catalogue.item_ids[0]}' is ")


def test_cards_come_with_title_price_categories_and_the_name_of_the_picture(client, shop: Path):
    for item in client.recommend("u1", k=20)["items"]:
        assert item["title"]
        assert item["price"] > 0
        assert item["category"]
        assert item["style"]
        assert (shop / "pictures" / item["picture"]).is_file()


def arrays_of(engine: Engine, context: dict) -> list[list[float]]:
    requests = one_request(engine, RecommendationRequest(context=context), "r", NOON)
    for stage in engine.pipeline.request_stages[:3]:
        requests = requests.with_columns(stage.columns(requests))
    return [requests.array(name).tolist() for name in ("context_codes", "context_values")]


def test_what_a_request_does_not_say_is_imputed_as_training_imputes_it(engine):
    """No time is the time of the service; no device is the code that training gives to events without one."""
    assert engine.assembly is not None
    fitted = engine.assembly.context
    nothing = arrays_of(engine, {})
    assert nothing == arrays_of(engine, {"timestamp": NOON})
    assert nothing == arrays_of(engine, {"device_type": None, "timestamp": None})
    assert nothing != arrays_of(engine, {"device_type": "phone"})
    assert nothing != arrays_of(engine, {"timestamp": NOON + 7 * 3600})
    trained = fitted.packed(columns_of(EVENT, ["device_type", "at"]), 1)
    assert nothing == [trained.codes.tolist(), trained.values.tolist()]

"""Whom a call of several requests is answered by, while a candidate has a role."""

from dataclasses import replace

import pytest

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.inference_shop import MODEL, infer, outputs, tensor, users
from tests.unit.serving.late_engine import SKIPPED, late_caller
from tests.unit.serving.seats import seat
from tests.unit.serving.small_engine import small_engine

NAMES = [f"user {n}" for n in range(40)]
SERVING, CANDIDATE = "small-20261121-0001", "bundle-of-b"


def reversed_seat():
    """A candidate whose items have other rows, and which likes them as the bundle that serves does."""
    found = seat("b")
    names = dict.fromkeys(f"other-{n}" for n in range(8))
    return replace(
        found, engine=replace(found.engine, catalogue=replace(found.engine.catalogue, item_ids=tuple(names)))
    )


@pytest.fixture
def client() -> Caller:
    return caller_of(small_engine())


def cast(client: Caller, role: str, share: float = 0.0) -> None:
    live = client.app.state.demand.live
    live.lineup = live.lineup.prepared(reversed_seat()).cast("b", role, share)


def bundle_for(client: Caller, name: str) -> str:
    return client.post("/v1/recommendations", json={"user_id": name, "k": 1}).json()["bundle"]


def test_a_canary_answers_its_share_of_the_visitors_of_a_call_as_it_does_one_by_one(client):
    cast(client, "canary", 0.5)
    answer = infer(client, users(*NAMES), tensor("k", "INT32", [1] * len(NAMES)))
    bundles = answer["parameters"]["bundles"].split(",")
    assert answer["model_version"] == SERVING
    assert bundles == [bundle_for(client, name) for name in NAMES]
    assert 10 < bundles.count(CANDIDATE) < 30
    own = {SERVING: ["item-0"], CANDIDATE: ["other-0"]}
    assert [[each] for each in outputs(answer)["item_ids"]] == [own[bundle] for bundle in bundles]


def test_a_visitor_of_the_canary_is_told_its_name(client):
    cast(client, "canary", 0.5)
    for name in NAMES[:8]:
        answer = infer(client, users(name))
        assert answer["model_version"] == bundle_for(client, name)
        assert "bundles" not in answer["parameters"]


def test_who_asks_for_the_version_of_a_canary_gets_it_and_afterwards_a_404(client):
    cast(client, "canary", 0.5)
    body = {"inputs": [users(*NAMES[:3])]}
    told = client.post(f"{MODEL}/versions/{CANDIDATE}/infer", json=body).json()
    assert (told["model_version"], outputs(told)["item_ids"][0]) == (CANDIDATE, "other-0")
    assert client.get(MODEL).json()["versions"] == [SERVING, CANDIDATE]
    assert client.get(f"{MODEL}/versions/{CANDIDATE}/ready").json()["ready"] is True
    cast(client, "prepared")
    refused = client.post(f"{MODEL}/versions/{CANDIDATE}/infer", json=body)
    assert refused.status_code == 404
    assert client.get(MODEL).json()["versions"] == [SERVING]


def test_a_shadow_is_asked_every_request_of_a_call(client):
    cast(client, "shadow")
    infer(client, users(*NAMES[:20]))
    shadow = client.app.state.shadow
    shadow.settle()
    figures = shadow.of("b" * 64).figures()
    shadow.close()
    assert (figures["requests"], figures["failed"], figures["overlap"]) == (20, 0, 0.0)


@pytest.mark.parametrize(("own_ms", "skipped"), [(0, []), (200, SKIPPED)])
def test_requests_by_tensors_have_the_budget_of_others(own_ms, skipped):
    assert infer(late_caller(own_ms), users(*NAMES), tensor("k", "INT32", [1] * len(NAMES)))["parameters"][
        "degraded"
    ] == ",".join(skipped)

"""A visitor of a trained shop clicks, dismisses, logs in, resets and is forgotten, over HTTP."""

import pytest

from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.engine.engine import Engine
from winnow.schema.schema import EventType
from winnow.schema.session_name import is_session


def answered(client: Client, k: int = 40, **who: str) -> list[str]:
    answer = client.recommend(who.get("user_id"), k=k, session_id=who.get("session_id"))
    assert answer["degraded"] == []
    assert not any(item["seen"] for item in answer["items"])
    return [item["item_id"] for item in answer["items"]]


def new_category(client: Client, engine: Engine, user_id: str) -> list[str]:
    """Items of a category in which nothing is known of the user."""
    cards = engine.catalogue.cards
    had = {each["item_id"] for each in client.state(user_id)["events"]}
    kinds = [card["category"] for card in cards]
    known = {kind for item_id, kind in zip(engine.catalogue.item_ids, kinds, strict=True) if item_id in had}
    fresh = max(sorted(set(kinds) - known), key=kinds.count)
    return [item_id for item_id, kind in zip(engine.catalogue.item_ids, kinds, strict=True) if kind == fresh]


@pytest.fixture(scope="module")
def user_id(engine: Engine) -> str:
    """One whom the bundle knows well, though not all that well."""
    assert engine.users is not None
    users = [name for name in engine.users.past.user_ids if not is_session(name)]
    return sorted(users, key=engine.users.events)[len(users) // 2]


def test_after_three_clicks_of_a_session_and_a_login_the_clicked_do_not_come_back_nor_the_dismissed(
    client, engine, user_id
):
    first, second, third, *_ = new_category(client, engine, user_id)
    dismissed = answered(client, user_id=user_id)[0]
    kinds = [
        (first, EventType.CLICK),
        (second, EventType.CLICK),
        (third, EventType.CLICK),
        (dismissed, EventType.DISMISS),
    ]
    done = [VisitorEvent(session_id="a visit", item_id=item_id, type=kind) for item_id, kind in kinds]
    assert client.events(done)["accepted"] == 4
    gone = {first, second, third, dismissed}
    everything = len(engine.catalogue) - 60
    assert gone.isdisjoint(answered(client, everything, session_id="a visit"))
    assert dismissed in answered(client, user_id=user_id)
    before = client.recommend(user_id, k=everything)["items"]
    assert client.merge_session(user_id, "a visit")["events"] == 4
    after = client.recommend(user_id, k=everything)["items"]
    assert gone.isdisjoint(item["item_id"] for item in after)
    score = {item["item_id"]: item["score"] for item in before}
    moved = [abs(item["score"] - score[item["item_id"]]) for item in after if item["item_id"] in score]
    assert max(moved) > 1e-3, "what the session came for moves the user's answer"
    assert client.session_state("a visit")["events_known"] == 0
    assert gone <= set(client.state(user_id)["seen"]["item_ids"])


def test_a_user_of_the_bundle_is_told_what_it_knows_and_it_is_closed_when_they_are_forgotten(client, engine, user_id):
    state = client.state(user_id)
    assert state["past_events"] == engine.users.events(user_id) > 0
    assert state["features"], "the shop describes its users"
    live = client.reset(user_id)["events"]
    assert client.state(user_id)["events_known"] == state["events_known"] - live == state["past_events"]
    receipt = client.forget(user_id)
    assert receipt == {
        "user_id": user_id,
        "events": 0,
        "past_events": state["past_events"],
        "log_rows": None,
        "features": None,
        "still_in": engine.name,
    }
    assert client.state(user_id)["events"] == []
    assert client.state(user_id)["features"] == {}, "what the shop said is not read either"
    assert client.forget(user_id)["past_events"] == 0

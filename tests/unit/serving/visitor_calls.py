"""What callers say of a visitor, in a line each."""

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.visited_shop import visited_engine
from winnow.engine.engine import Engine

EVENTS, ASK = "/v1/events", "/v1/recommendations"
MERGE, SESSION = "/v1/users/ann/sessions/s1", "/v1/sessions/s1/state"
STATE, FORGET = "/v1/users/ann/state", "/v1/users/ann"
ROUTES = [("PUT", MERGE), ("GET", STATE), ("GET", SESSION), ("DELETE", STATE), ("DELETE", FORGET)]


def opened(engine: Engine | None = None) -> Caller:
    return caller_of(engine or visited_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")


def click(item_id: str, type: str = "click", **who: str) -> dict:
    return {**who, "item_id": item_id, "type": type}


def tell(client: Caller, *events: dict) -> None:
    answer = client.post(EVENTS, json={"events": list(events)})
    assert answer.status_code == 200, answer.text


def answered(client: Caller, method: str, path: str) -> dict:
    answer = client.call(method, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def item_ids(client: Caller, k: int = 3, **who: str) -> list[str]:
    answer = client.post(ASK, json={**who, "k": k}).json()
    assert answer["degraded"] == []
    return [item["item_id"] for item in answer["items"]]

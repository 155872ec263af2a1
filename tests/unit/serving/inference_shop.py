"""The shop of eight items, asked by tensors in JSON."""

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import small_engine

MODEL = "/v2/models/winnow"
SHARED = caller_of(small_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")
"""For calls that change nothing."""


def tensor(name: str, datatype: str, data: list, **more) -> dict:
    return {"name": name, "datatype": datatype, "shape": [len(data)], "data": data, **more}


def users(*names: str) -> dict:
    return tensor("user_id", "BYTES", [*names])


def infer(client: Caller, *inputs: dict, **more) -> dict:
    answer = client.post(f"{MODEL}/infer", json={"inputs": inputs, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def outputs(answer: dict) -> dict[str, list]:
    return {each["name"]: each["data"] for each in answer["outputs"]}


def refusal(client: Caller, body: object, status: int = 400) -> str:
    answer = client.post(f"{MODEL}/infer", json=body)
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    return answer.json()["error"]

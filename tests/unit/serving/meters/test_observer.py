import asyncio
import logging
import time

import pytest

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.meters.test_metrics import samples
from tests.unit.serving.small_engine import small_engine
from winnow.pipeline.stage import Stage
from winnow.schema.errors import Unavailable
from winnow.serving.app import create_app
from winnow.serving.event_log.logged_ids import LoggedIds
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.observer import Observer, request_id_of
from winnow.serving.meters.request_record import RequestRecord
from winnow.serving.settings.settings import Settings

PATH = "/v1/recommendations"


def failing(error: Exception) -> Stage:
    def run(requests, candidates):
        raise error

    return Stage(name="rank", run=run)


@pytest.mark.parametrize("given", ["a", "Req-1.2_3", "x" * 64])
def test_a_short_plain_name_of_the_caller_is_kept(given):
    assert request_id_of(given) == given


@pytest.mark.parametrize("given", [None, "", "x" * 65, "a b", "a\nb", "<script>", "\u00e9"])
def test_any_other_name_is_replaced_by_a_fresh_one(given):
    first, second = request_id_of(given), request_id_of(given)
    assert first != second
    assert all(len(each) == 32 and each.isalnum() for each in (first, second))


def test_every_answer_carries_the_name_of_its_request(client):
    for answer in (client.get("/healthz"), client.get("/nowhere"), client.post(PATH, content=b"{")):
        assert len(answer.headers["x-request-id"]) == 32


def test_a_mistake_in_the_program_is_logged_and_answered_without_its_traceback(caplog):
    caller = caller_of(small_engine(ranking=(failing(ZeroDivisionError("a secret of the code")),)))
    answer = caller.post(PATH, json={}, headers={"X-Request-Id": "r-1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "r-1" in answer.json()["error"]["message"]
    assert "secret" not in answer.text
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "r-1" in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


def test_a_store_that_cannot_be_skipped_and_does_not_answer_is_a_503():
    caller = caller_of(small_engine(ranking=(failing(Unavailable("The store does not answer.")),)))
    answer = caller.post(PATH, json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["error"] == {"code": "unavailable", "message": "The store does not answer."}


def test_a_caller_who_leaves_is_counted_and_is_no_failure_of_the_program(caplog):
    app = create_app(small_engine(), Settings())
    scope = {
        "type": "http", "method": "POST", "path": PATH, "raw_path": PATH.encode(), "query_string": b"", "root_path": "",
        "headers": [], "client": ("127.0.0.1", 1), "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    metrics = Caller(app).get("/metrics").text
    assert f'winnow_request_seconds_count{{route="{PATH}",status="499"}} 1.0' in metrics


def test_the_wait_for_its_turn_is_part_of_how_long_a_request_took():
    metrics = Metrics()

    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        assert message["status"] == 200

    scope = {"type": "http", "headers": [], "state": {"whole_at": time.perf_counter() - 60.0}}
    observer = Observer(answer, RequestRecord(metrics=metrics, ids=LoggedIds(is_hashed=False, secret=b"")))
    asyncio.run(observer(scope, None, send))
    assert samples(metrics.text().decode())["winnow_request_seconds_sum", "other", "200"] >= 60


def test_the_log_line_of_a_request_is_for_debugging_and_names_nobody(client, caplog):
    with caplog.at_level(logging.DEBUG, logger="winnow"):
        client.post(PATH, json={"user_id": "a private name"}, headers={"X-Request-Id": "r-2"})
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("winnow")]
    assert line.startswith(f"request_id=r-2 route={PATH} status=200 ms=")

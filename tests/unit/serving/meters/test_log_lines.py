import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest

from tests.unit.serving.conftest import KEY, Caller
from tests.unit.serving.small_engine import small_engine
from winnow.pipeline.stage import Stage
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.event_log.logged_ids import LoggedIds
from winnow.serving.meters.log_lines import JsonLines
from winnow.serving.meters.request_in_hand import request_in_hand
from winnow.serving.settings.settings import Settings

PATH = "/v1/recommendations"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the service logs as JSON, at `info`."""
    logger, written = logging.getLogger("winnow"), StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def parsed(lines: StringIO) -> list[dict]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def caller(engine=None, **settings) -> Caller:
    app = create_app(engine or small_engine(), Settings(key_hashes=hashed_keys([KEY]), **settings))
    return Caller(app, headers={"X-API-Key": KEY, "X-Request-Id": "r-1"})


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("winnow.some", logging.WARNING, "file", 1, message, args, None)


def test_a_line_is_an_object_with_time_level_logger_and_message():
    at = record('a "quoted" %s\nand a second line', "word")
    at.created, at.msecs = 1_790_000_000.25, 250.0
    text = JsonLines().format(at)
    assert "\n" not in text
    assert json.loads(text) == {
        "time": "2026-09-21T14:13:20.250Z",
        "level": "warning",
        "logger": "winnow.some",
        "message": 'a "quoted" word\nand a second line',
    }


def test_a_line_in_a_request_has_its_name():
    token = request_in_hand.set("r-9")
    assert json.loads(JsonLines().format(record("x")))["request_id"] == "r-9"
    request_in_hand.reset(token)
    assert "request_id" not in json.loads(JsonLines().format(record("x")))


def test_a_traceback_stands_inside_the_object():
    try:
        raise ZeroDivisionError("a cause")
    except ZeroDivisionError:
        failed = record("x")
        failed.exc_info = sys.exc_info()
    line = json.loads(JsonLines().format(failed))
    assert line["error"].startswith("Traceback")
    assert line["error"].endswith("ZeroDivisionError: a cause")


def test_with_the_setting_each_request_is_a_line_that_names_its_visitor(lines):
    service = caller(log_requests=True)
    service.post(PATH, json={"user_id": "ann", "k": 1})
    service.post(PATH, json={"k": -1})
    first, second = parsed(lines)
    assert first["ms"] >= 0
    assert (first["level"], first["request_id"], first["route"], first["status"]) == ("info", "r-1", PATH, 200)
    assert first["visitor"] == "ann"
    assert first["message"].startswith(f"request_id=r-1 route={PATH} status=200 ms=")
    assert (second["status"], "visitor" in second) == (422, False)


def test_without_the_setting_requests_are_no_lines_at_info(lines):
    caller().post(PATH, json={"user_id": "ann"})
    assert parsed(lines) == []


def test_hashed_ids_stand_in_the_log_instead_of_the_ids(lines):
    service = caller(log_requests=True, log_hash_ids=True, cursor_secret=b"s" * 32)
    for user in ("a-name", "another", "a-name"):
        service.post(PATH, json={"user_id": user})
    hashed = LoggedIds(is_hashed=True, secret=b"s" * 32)
    assert [line["visitor"] for line in parsed(lines)] == [hashed("a-name"), hashed("another"), hashed("a-name")]
    assert "a-name" not in lines.getvalue()
    assert LoggedIds(is_hashed=True, secret=b"t" * 32)("a-name") != hashed("a-name")


def test_what_fails_is_logged_under_its_request_without_the_key(lines):
    def run(requests, candidates):
        raise ZeroDivisionError("a cause")

    caller(small_engine(ranking=(Stage(name="rank", run=run),))).post(PATH, json={})
    [line] = parsed(lines)
    assert (line["level"], line["request_id"]) == ("error", "r-1")
    assert line["error"].endswith("ZeroDivisionError: a cause")
    assert KEY not in lines.getvalue()

"""Lists wait, are written, and are dropped where there is no room; a disk that fails costs nobody anything."""

import json

import numpy as np
import pytest

from winnow.schema.errors import DataError, SettingsError
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.event_log.forgotten_names import FILE_NAME, ForgottenNames
from winnow.serving.event_log.logged_lists import logged_lists
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_log import ServedLog
from winnow.serving.event_log.served_part import SERVED

NOON = 1_795_694_400.0
"""2026-11-26 12:00 UTC."""


def served(name, user="ann", items=("a", "b"), at=NOON, digest="d1", width=3):
    size = len(items)
    return ServedList(
        request_id=name,
        user_id=user,
        at=at - 1,
        answered_at=at,
        digest=digest,
        page=0,
        context={"device": "phone"},
        degraded=(),
        item_ids=tuple(items),
        scores=np.arange(size, dtype=np.float32),
        propensities=np.full(size, 0.5, np.float32),
        seen=np.zeros(size, bool),
        request={"query": np.arange(4, dtype=np.float32)},
        candidates={"match": np.arange(size * width, dtype=np.float32).reshape(size, width)},
    )


class Told:
    def __init__(self):
        self.dropped = self.written = 0

    def drop(self, count):
        self.dropped += count

    def write(self, count):
        self.written += count


@pytest.fixture
def told():
    return Told()


def opened(path, told):
    return ServedLog.open(path, told.drop, told.write)


def test_what_was_told_is_there_when_the_log_is_closed_by_day_and_bundle(tmp_path, told):
    log = opened(tmp_path, told)
    lists = [
        served("r1"),
        served("r2", "bob", ("c",)),
        served("r3", at=NOON + 86_400),
        served("r4", digest="d2", width=5),
    ]
    for each in lists:
        log.tell(each)
    log.close()
    assert (told.written, told.dropped) == (4, 0)
    assert {path.parent.name for path in tmp_path.glob(f"{SERVED}/*/*.parquet")} == {"day=2026-11-26", "day=2026-11-27"}
    rows = {row["request_id"]: row for row in logged_lists(tmp_path).to_pylist()}
    assert rows.keys() == {"r1", "r2", "r3", "r4"}
    assert json.loads(rows["r1"].pop("context")) == {"device": "phone"}
    assert rows["r1"] == {
        "request_id": "r1",
        "user_id": "ann",
        "at": NOON - 1,
        "arrived_at": NOON,
        "bundle": "d1",
        "page": 0,
        "degraded": [],
        "item_ids": ["a", "b"],
        "scores": [0.0, 1.0],
        "propensities": [0.5, 0.5],
        "seen": [False, False],
    }
    of_bundle = logged_lists(tmp_path, "d2").to_pylist()
    assert [(row["request_id"], row["candidate:match"]) for row in of_bundle] == [("r4", list(range(10)))]
    assert logged_lists(tmp_path, "d3").num_rows == 0


def test_no_more_wait_than_there_is_room_for_and_what_is_dropped_is_counted(tmp_path, told):
    log = ServedLog(path=tmp_path, dropped=told.drop, written=told.write, most_items=5)
    for number in range(4):
        log.tell(served(f"r{number}"))
    assert told.dropped == 2
    log.flush()
    log.tell(served("r9"))
    log.close()
    assert told.written == 3
    assert sorted(logged_lists_of(tmp_path)) == ["r0", "r1", "r9"]


def logged_lists_of(path):
    (path / "_log_id").write_text("of the tests")
    return logged_lists(path)["request_id"].to_pylist()


def test_a_disk_that_fails_keeps_lists_waiting_and_is_told_once(tmp_path, told, caplog):
    (tmp_path / SERVED).write_text("in the way of the folder")
    log = ServedLog(path=tmp_path, dropped=told.drop, written=told.write, most_items=5)
    log.tell(served("r1"))
    log.flush()
    log.flush()
    assert len([each for each in caplog.records if "cannot be logged" in each.message]) == 1
    assert (told.written, told.dropped) == (0, 0)
    (tmp_path / SERVED).unlink()
    log.flush()
    assert (told.written, logged_lists_of(tmp_path)) == (1, ["r1"])
    (tmp_path / FILE_NAME).write_text("{")
    log.tell(served("r2"))
    log.close()
    assert told.dropped == 1


def test_who_is_forgotten_is_in_no_list_and_what_still_waits_does_not_bring_them_back(tmp_path, told):
    log = opened(tmp_path, told)
    log.tell(served("r1"))
    log.flush()
    log.tell(served("r2"))
    log.tell(served("r3", at=NOON + 20))
    log.tell(served("r4", "bob"))
    assert forget_logged(tmp_path, {"ann": NOON + 10}) == (1, 1)
    log.close()
    assert sorted(logged_lists(tmp_path)["request_id"].to_pylist()) == ["r3", "r4"]
    assert ForgottenNames.read(tmp_path).covers(["ann"], NOON)


def test_a_damaged_file_and_a_folder_that_cannot_be_used_are_said(tmp_path, told):
    log = opened(tmp_path / "log", told)
    log.tell(served("r1"))
    log.close()
    (path,) = (tmp_path / "log").glob(f"{SERVED}/*/*.parquet")
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(DataError, match="is no whole file of the event log"):
        logged_lists(tmp_path / "log")
    with pytest.raises(DataError, match="is no folder of an event log"):
        logged_lists(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="WINNOW_EVENTS"):
        opened(tmp_path / "file", told)

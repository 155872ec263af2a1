import hashlib
import json
import logging
import os
import zlib

import pytest

from tests.unit.serving.said_of_item import said
from winnow.schema.errors import DataError, SettingsError, Unavailable
from winnow.serving.items import item_log
from winnow.serving.items.item_log import ItemLog


def written(folder, *changes):
    log = ItemLog(folder)
    for change in changes:
        log.append(said(*change))
    log.close()
    return folder / "items.jsonl"


def read(folder):
    log = ItemLog(folder)
    log.close()
    return {change.item_id: change.values for change in log.changes()}


def test_what_was_last_said_of_each_item_comes_back(tmp_path):
    odd = {"title": "line\nbreak \u2028 \r", "price": 1.5}
    written(tmp_path / "new" / "state", ("a", {"title": "A"}), ("b", odd), ("a", None), ("c", {}))
    assert list(read(tmp_path / "new" / "state").items()) == [("b", odd), ("a", None), ("c", {})]


def test_logs_of_older_programs_come_first_as_if_said_when_they_were_written_last_and_are_left_alone(tmp_path):
    written(tmp_path, ("a", {"title": "new"}, 50.0))
    for digest, at, values in (("d", 40, {"title": "old"}), ("e", 30, {"title": "older"})):
        path = tmp_path / f"items-{digest * 16}.jsonl"
        changes = [{"item_id": item_id, "values": values} for item_id in ("a", digest)]
        told = [json.dumps(each).encode() for each in changes]
        path.write_bytes(b"".join(b"%08x %s\n" % (zlib.crc32(each), each) for each in told))
        os.utime(path, (at, at))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    log = ItemLog(tmp_path)
    log.close()
    assert [(each.item_id, each.values["title"], each.at) for each in log.changes()] == [
        ("e", "older", 30),
        ("d", "old", 40),
        ("a", "new", 50),
    ]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_was_appended_is_among_the_changes_at_once(tmp_path):
    log = ItemLog(tmp_path)
    log.append(said("a", {"picture": b"one"}))
    log.append(said("b", {}))
    log.append(said("a", {"picture": b"two"}, 2.0))
    log.close()
    assert [(each.item_id, each.at) for each in log.changes()] == [("b", 1.0), ("a", 2.0)]
    assert log.values_of([*log.changes()][1]) == {"picture": b"two"}


@pytest.mark.parametrize("lost", range(1, 40, 6))
def test_a_torn_last_line_goes_with_a_warning_and_the_next_change_is_whole(tmp_path, lost, caplog):
    path = written(tmp_path, ("a", {"title": "A"}), ("b", {"title": "a longer title"}))
    path.write_bytes(path.read_bytes()[:-lost])
    with caplog.at_level(logging.WARNING):
        assert read(tmp_path) == {"a": {"title": "A"}}
    assert "is torn, line 2" in caplog.text
    written(tmp_path, ("c", {}))
    assert read(tmp_path) == {"a": {"title": "A"}, "c": {}}


def test_damage_in_the_middle_is_an_error_and_nothing_is_lost(tmp_path):
    path = written(tmp_path, ("a", {"title": "A"}), ("b", {}))
    damaged = path.read_bytes().replace(b'"A"', b'"B"')
    path.write_bytes(damaged)
    for _ in range(2):
        with pytest.raises(DataError, match=r"Line 1 of .* is damaged, and whole lines follow it\."):
            ItemLog(tmp_path)
    assert path.read_bytes() == damaged


def test_one_process_at_a_time(tmp_path):
    log = ItemLog(tmp_path)
    with pytest.raises(SettingsError, match="is in use by another process"):
        ItemLog(tmp_path)
    log.close()
    assert read(tmp_path) == {}


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(SettingsError, match=r"state folder \(WINNOW_STATE\) .* cannot be used"):
        ItemLog(tmp_path / "state")


def test_a_change_that_cannot_be_kept_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    log = ItemLog(tmp_path)
    log.append(said("a", {}))
    with monkeypatch.context() as broken:
        broken.setattr(item_log.os, "fsync", full)
        with pytest.raises(Unavailable, match=r"cannot be written to .*: No space left on device\."):
            log.append(said("b", {}))
    log.append(said("c", {}))
    log.close()
    assert read(tmp_path) == {"a": {}, "c": {}}


def test_a_picture_is_on_disk_before_the_line_that_refers_to_it(tmp_path, monkeypatch):
    log = ItemLog(tmp_path)
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    log.append(said("a", {"title": "A", "picture": b"content"}))
    log.close()
    names = {path.stat().st_ino: path.name for path in [tmp_path, *tmp_path.rglob("*")]}
    name = hashlib.sha256(b"content").hexdigest()
    line = (tmp_path / "items.jsonl").read_text()
    assert line[9:] == f'{{"item_id":"a","values":{{"title":"A","picture":{{"sha256":"{name}"}}}},"at":1.0}}\n'
    assert [names[each] for each in synced] == [tmp_path.name, name, "pictures", "items.jsonl"]


def test_pictures_come_back_one_change_at_a_time(tmp_path):
    written(tmp_path, ("a", {"picture": b"one", "other": b"two"}), ("b", {"picture": b"one", "title": None}))
    log = ItemLog(tmp_path)
    log.close()
    assert [log.values_of(change) for change in log.changes()] == [
        {"picture": b"one", "other": b"two"},
        {"picture": b"one", "title": None},
    ]
    assert len(list((tmp_path / "pictures").iterdir())) == 2


def test_lines_of_older_programs_hold_pictures_themselves(tmp_path):
    written(tmp_path, ("a", {"picture": "b25l"}))
    log = ItemLog(tmp_path)
    log.close()
    assert [log.values_of(change) for change in log.changes()] == [{"picture": "b25l"}]


@pytest.mark.parametrize(("damage", "words"), [("missing", "cannot be read: No such file"), ("other", "is damaged")])
def test_a_picture_that_is_not_what_was_kept_is_an_error_with_item_and_file(tmp_path, damage, words):
    written(tmp_path, ("a/b", {"picture": b"one"}))
    picture = next((tmp_path / "pictures").iterdir())
    picture.write_bytes(b"another") if damage == "other" else picture.unlink()
    log = ItemLog(tmp_path)
    log.close()
    with pytest.raises(DataError, match=f"Of the item 'a/b', .*/{picture.name} {words}"):
        log.values_of(next(iter(log.changes())))


def test_a_change_whose_picture_cannot_be_kept_is_not_written(tmp_path, monkeypatch):
    log = ItemLog(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match=r"The picture cannot be written to .*: No space left on device\."):
            log.append(said("a", {"picture": b"one"}))
    log.close()
    assert [(path.name, path.stat().st_size) for path in tmp_path.rglob("*") if path.is_file()] == [("items.jsonl", 0)]


def full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_change_is_on_disk_before_it_is_acknowledged(tmp_path, monkeypatch):
    log = ItemLog(tmp_path)
    synced = []
    monkeypatch.setattr(item_log.os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
    log.append(said("a", {}))
    log.close()
    assert synced == [(tmp_path / "items.jsonl").stat().st_size]

import os

import pytest

from tests.unit.serving.said_of_item import said
from winnow.schema.errors import DataError
from winnow.serving.items.item_changes import ItemChanges
from winnow.serving.items.item_log import ItemLog


def told(state, digest, age, *changes):
    """A log of one bundle as older programs kept it, last changed so many seconds ago."""
    log = ItemLog(state)
    for change in changes:
        log.append(said(*change))
    log.close()
    path = (state / "items.jsonl").rename(state / f"items-{digest * 16}.jsonl")
    os.utime(path, (1e9 - age, 1e9 - age))
    return path


def test_the_last_word_counts_whichever_bundle_it_was_said_to(tmp_path):
    told(tmp_path, "a", 20, ("x", {"title": "old"}), ("y", {"title": "Y"}), ("z", None), ("w", {"title": "W"}))
    told(tmp_path, "b", 30, ("x", {"title": "older"}), ("z", {"title": "Z"}), ("w", None))
    log = ItemLog(tmp_path)
    log.append(said("y", None))
    log.append(said("x", {"title": "new", "picture": b"one"}))
    log.close()
    changes = ItemChanges.read(tmp_path)
    assert {item_id: change.values["title"] for item_id, change in changes.given.items()} == {
        "z": "Z",
        "y": "Y",
        "w": "W",
        "x": "new",
    }
    assert list(changes.given) == ["z", "y", "w", "x"]
    assert changes.withdrawn == {"y", "z"}
    assert changes.given["x"].with_pictures(changes.pictures.read)["picture"] == b"one"


def test_reading_needs_no_lock_and_changes_nothing_and_passes_over_half_a_line(tmp_path):
    log = ItemLog(tmp_path)
    log.append(said("x", {"title": "X"}))
    path = tmp_path / "items.jsonl"
    with path.open("ab") as file:
        file.write(b"00000000 {half a li")
    before = path.read_bytes()
    assert list(ItemChanges.read(tmp_path).given) == ["x"]
    log.close()
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_folder_without_a_log_and_a_damaged_log_are_sentences(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(DataError, match=r"There is no item log \(items\.jsonl\) in .*WINNOW_STATE"):
            ItemChanges.read(folder)
    path = told(tmp_path, "a", 0, ("x", {"title": "X"}), ("y", {}))
    path.write_bytes(path.read_bytes().replace(b"X", b"Z"))
    with pytest.raises(DataError, match=r"Line 1 of .* is damaged"):
        ItemChanges.read(tmp_path)

import errno
import os
import threading

import pytest

from tests.unit.stores.journal_day import NOON, appended, cut_and_kept, forgotten, names, opened, replayed, segment
from winnow.schema.errors import DataError, Unavailable
from winnow.stores.journal_line import line_of


def put(folder, *numbers):
    """Segments with one event each, which is named like the segment."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / segment(number)).write_bytes(line_of(appended(str(number))))


def test_a_snapshot_stands_for_all_before_its_cut_and_only_what_came_after_is_replayed(tmp_path):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        cut = journal.cut()
        journal.append(appended("2"))
        journal.snapshot(cut, lambda path: path.write_text("1"))
        journal.append(appended("3"))
        assert journal.snapshot_path.read_text() == "1"
    assert names(tmp_path) == [segment(1), segment(2), "snapshot-000001"]
    with opened(tmp_path) as (journal, operations):
        assert operations == [appended("2"), appended("3")]
        assert journal.snapshot_path.read_text() == "1"


def test_a_later_snapshot_takes_the_place_of_an_earlier_one(tmp_path):
    with opened(tmp_path) as (journal, _):
        for content in "ab":
            journal.append(appended(content))
            cut_and_kept(journal, content)
    with opened(tmp_path) as (journal, operations):
        assert operations == []
        assert journal.snapshot_path.read_text() == "b"
    assert names(tmp_path) == [segment(1), segment(2), segment(3), "snapshot-000002"]


def test_a_snapshot_may_be_a_folder_and_all_of_it_is_on_disk_before_it_counts(tmp_path, monkeypatch):
    synced, there = [], []

    def write(path):
        (path / "deep").mkdir(parents=True)
        (path / "deep" / "users").write_text("users")
        (path / "counts").write_text("counts")

    with opened(tmp_path) as (journal, _), monkeypatch.context() as watched:
        journal.append(appended("1"))
        cut = journal.cut()
        watched.setattr(os, "fsync", lambda handle: (synced.append(inode(handle)), there.append(names(tmp_path))))
        journal.snapshot(cut, write)
        watched.undo()
        snapshot = journal.snapshot_path
    files = [snapshot, snapshot / "deep", snapshot / "deep" / "users", snapshot / "counts"]
    assert set(synced[:4]) == {path.stat().st_ino for path in files}
    assert synced[4:] == [tmp_path.stat().st_ino]
    assert there == [[segment(1), segment(2), "snapshot-000001.new"]] * 4 + [
        [segment(1), segment(2), "snapshot-000001"]
    ]
    assert replayed(tmp_path) == []


def inode(handle):
    return os.fstat(handle).st_ino


def test_nothing_is_written_when_nothing_came(tmp_path):
    with opened(tmp_path) as (journal, _):
        cut_and_kept(journal, "empty")
        cut_and_kept(journal, "not written")
        assert journal.snapshot_path.read_text() == "empty"
        journal.append(appended("1"))
        early = journal.cut()
        journal.append(appended("2"))
        cut_and_kept(journal, "later")
        journal.snapshot(early, lambda path: pytest.fail("A later one is there."))
    with opened(tmp_path) as (journal, operations):
        assert (operations, journal.snapshot_path.read_text()) == ([], "later")


def test_only_what_was_cut_can_be_kept(tmp_path):
    with opened(tmp_path) as (journal, _), pytest.raises(ValueError, match=r"There was no cut 1; the segment 1 is"):
        journal.snapshot(1, lambda path: None)


def test_appending_goes_on_while_a_snapshot_is_written(tmp_path):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        journal.snapshot(journal.cut(), lambda path: (journal.append(appended("2")), path.write_text("1")))
    assert replayed(tmp_path) == [appended("2")]


def test_closing_waits_for_a_snapshot_under_way(tmp_path):
    begun, go_on = threading.Event(), threading.Event()
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        cut = journal.cut()
        writer = threading.Thread(
            target=journal.snapshot, args=(cut, lambda path: (begun.set(), go_on.wait(), path.write_text("1")))
        )
        writer.start()
        begun.wait()
        closer = threading.Thread(target=journal.close)
        closer.start()
        go_on.set()
        closer.join()
        assert names(tmp_path) == [segment(1), segment(2), "snapshot-000001"]
        writer.join()
    with opened(tmp_path) as (journal, operations):
        assert (operations, journal.snapshot_path.read_text()) == ([], "1")


@pytest.mark.parametrize("step", ["write", "fsync of the content", "fsync of the name"])
@pytest.mark.parametrize("as_folder", [False, True])
def test_a_snapshot_that_cannot_be_written_leaves_all_as_it_was(tmp_path, monkeypatch, step, as_folder):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        cut = journal.cut()

        def write(path):
            if as_folder:
                path.mkdir()
            (path / "users" if as_folder else path).write_text("1")
            if step == "write":
                raise full()

        fsyncs = (1 + as_folder) if "name" in step else 0
        with monkeypatch.context() as broken:
            if step != "write":
                broken.setattr(os, "fsync", failing_after(fsyncs))
            with pytest.raises(Unavailable, match=r"snapshot .*snapshot-000001 cannot be written: No space left"):
                journal.snapshot(cut, write)
        assert names(tmp_path) == [segment(1), segment(2)]
        assert journal.snapshot_path is None
        step = "nothing"
        journal.snapshot(cut, write)
        assert names(tmp_path) == [segment(1), segment(2), "snapshot-000001"]


def full():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def failing_after(times):
    calls = []

    def fsync(handle):
        calls.append(handle)
        if len(calls) > times:
            raise full()

    return fsync


def test_a_writer_that_fails_leaves_no_trace(tmp_path):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        with pytest.raises(ZeroDivisionError):
            journal.snapshot(journal.cut(), lambda path: path.write_text(str(1 / 0)))
    assert names(tmp_path) == [segment(1), segment(2)]
    assert replayed(tmp_path) == [appended("1")]


def test_killed_between_rotation_and_the_first_write(tmp_path):
    put(tmp_path, 1)
    (tmp_path / segment(2)).write_bytes(b"")
    with opened(tmp_path) as (journal, operations):
        assert operations == [appended("1")]
        journal.append(appended("2"))
    assert names(tmp_path) == [segment(1), segment(2)]
    assert replayed(tmp_path) == [appended("1"), appended("2")]


@pytest.mark.parametrize("as_folder", [False, True])
def test_killed_while_a_snapshot_was_written(tmp_path, as_folder):
    put(tmp_path, 1, 2)
    unfinished = tmp_path / "snapshot-000001.new"
    if as_folder:
        unfinished.mkdir()
    (unfinished / "users" if as_folder else unfinished).write_text("half")
    with opened(tmp_path) as (journal, operations):
        assert operations == [appended("1"), appended("2")]
        assert journal.snapshot_path is None
    assert names(tmp_path) == [segment(1), segment(2)]


@pytest.mark.parametrize("left", [(1, 2, 3), (2, 3), (3,), (1, 3), ()])
@pytest.mark.parametrize("after", [(4, 5), (4,), ()])
def test_what_is_left_of_what_a_snapshot_stands_for_does_not_count(tmp_path, left, after):
    put(tmp_path, *left, *after)
    (tmp_path / "snapshot-000003").write_text("1, 2, 3")
    (tmp_path / "snapshot-000001").mkdir()
    (tmp_path / "snapshot-000001" / "half of it").write_text("1")
    with opened(tmp_path) as (journal, operations):
        assert operations == [appended(str(number)) for number in after]
        assert journal.snapshot_path.read_text() == "1, 2, 3"
        journal.append(appended("new"))
    assert names(tmp_path) == [*(segment(number) for number in (*left, *(after or (4,)))), "snapshot-000003"]
    assert replayed(tmp_path) == [*(appended(str(number)) for number in after), appended("new")]


def test_killed_while_old_segments_were_removed(tmp_path):
    put(tmp_path, 3, 4)
    (tmp_path / "snapshot-000001").write_text("1")
    assert replayed(tmp_path) == [appended("3"), appended("4")]


def test_a_torn_record_after_a_snapshot(tmp_path):
    put(tmp_path, 1, 2)
    (tmp_path / "snapshot-000001").write_text("1")
    (tmp_path / segment(2)).write_bytes(line_of(forgotten())[:-1])
    assert replayed(tmp_path) == []


def test_damage_that_a_snapshot_stands_for_does_not_matter(tmp_path):
    put(tmp_path, 1, 2)
    (tmp_path / segment(1)).write_bytes(b"damaged\n\n")
    with pytest.raises(DataError, match="Record 1 of"):
        replayed(tmp_path)
    (tmp_path / "snapshot-000001").write_text("1")
    assert replayed(tmp_path) == [appended("2")]


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    others = ["items-abc.jsonl", "events-1.log", "events-000001.log.bak", "snapshot-000001.bak"]
    for name in others:
        (tmp_path / name).write_text("mine")
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1", at=NOON))
        cut_and_kept(journal)
    assert names(tmp_path) == sorted([*others, segment(1), segment(2), "snapshot-000001"])

"""Disks that are full or broken."""

import errno
import logging
import os
import resource
from pathlib import Path

import pytest

from tests.unit.stores.journal_day import (
    DAY_S,
    KEEP_S,
    NOON,
    appended,
    cut_and_kept,
    names,
    opened,
    replayed,
    segment,
    written,
)
from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores import journal_folder, journal_segment
from winnow.stores.event_journal import EventJournal


class FullFile:
    """Takes part of what is written, as a disk does that is nearly full."""

    def __init__(self, file, room, truncates=True):
        self.file, self.room, self.truncates = file, room, truncates

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, line):
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(line[: self.room])

    def truncate(self, size):
        if not self.truncates:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self.file.truncate(size)


def put_disk(journal, room=10_000, *, truncates=True):
    current = journal._segments[journal._number]
    file = getattr(current._file, "file", current._file)
    current._file = FullFile(file, room, truncates)


@pytest.mark.parametrize("room", [0, 1, 30])
def test_what_a_full_disk_takes_half_of_is_not_there(tmp_path, room):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        before = (tmp_path / segment(1)).read_bytes()
        put_disk(journal, room)
        with pytest.raises(Unavailable, match=r"cannot be written to .*events-000001\.log: No space left on device\."):
            journal.append(appended("2"))
        assert (tmp_path / segment(1)).read_bytes() == before
        put_disk(journal)
        journal.append(appended("3"))
    assert replayed(tmp_path) == [appended("1"), appended("3")]


def test_what_the_kernel_takes_half_of_is_not_there(tmp_path):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        path = tmp_path / segment(1)
        before = path.read_bytes()
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 30, limits[1]))
        try:
            with pytest.raises(Unavailable, match=r"cannot be written to .*events-000001\.log: No space left"):
                journal.append(appended("2"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_bytes() == before
        journal.append(appended("3"))
    assert replayed(tmp_path) == [appended("1"), appended("3")]


def test_what_the_disk_does_not_confirm_is_not_there(tmp_path, monkeypatch):
    with opened(tmp_path, sync="fsync") as (journal, _):
        journal.append(appended("1"))
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", failing)
            with pytest.raises(Unavailable, match=r"cannot be written to .*: Input/output error"):
                journal.append(appended("2"))
        journal.append(appended("3"))
    assert replayed(tmp_path) == [appended("1"), appended("3")]


def failing(*_, **__):
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("then", ["append", "cut", "close", "the next day"])
def test_what_could_not_even_be_cut_off_is_cut_off_before_anything_else(tmp_path, then):
    now = [NOON]
    with opened(tmp_path, lambda: now[0]) as (journal, _):
        journal.append(appended("1"))
        put_disk(journal, 30, truncates=False)
        for _ in range(2):
            with pytest.raises(Unavailable):
                journal.append(appended("2"))
        put_disk(journal, truncates=False)
        for act in (lambda: journal.append(appended("2")), journal.cut):
            with pytest.raises(Unavailable):
                act()
        put_disk(journal)
        now[0] += DAY_S * (then == "the next day")
        if then == "cut":
            cut_and_kept(journal)
        if then in {"append", "the next day"}:
            journal.append(appended("3"))
    added = [appended("3")] if then in {"append", "the next day"} else []
    assert replayed(tmp_path) == ([] if then == "cut" else [appended("1"), *added])


def test_a_file_that_somebody_else_cut_off_takes_nothing_more(tmp_path, caplog):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        (tmp_path / segment(1)).write_bytes(b"")
        for act in (lambda: journal.append(appended("2")), journal.cut):
            with pytest.raises(Unavailable, match=r"somebody else cut it off at 0 of \d+ bytes\."):
                act()
    assert "is not on disk yet: somebody else cut it off" in caplog.text
    assert replayed(tmp_path) == []


def test_a_record_that_was_written_but_interrupted_is_cut_off_by_the_next(tmp_path, monkeypatch):
    with opened(tmp_path, sync="fsync") as (journal, _):
        with monkeypatch.context() as interrupted:
            interrupted.setattr(os, "fsync", interrupt)
            with pytest.raises(KeyboardInterrupt):
                journal.append(appended("1"))
        journal.append(appended("2"))
    assert replayed(tmp_path) == [appended("2")]


def interrupt(_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["open", "sync_folder"])
def test_a_new_segment_that_cannot_be_made_refuses_until_it_can(tmp_path, monkeypatch, step):
    now = [NOON]
    with opened(tmp_path, lambda: now[0]) as (journal, _):
        journal.append(appended("1"))
        now[0] += DAY_S
        with monkeypatch.context() as broken:
            broken.setattr(*((Path, "open") if step == "open" else (journal_segment, "sync_folder")), failing)
            with pytest.raises(Unavailable, match=r"cannot go on after .*events-000001\.log: Input/output error\."):
                journal.append(appended("2"))
        journal.append(appended("3"))
    assert names(tmp_path) == [segment(1), segment(2)]
    assert replayed(tmp_path) == [appended("1"), appended("3")]


def test_a_first_segment_that_cannot_be_made_is_a_sentence(tmp_path, monkeypatch):
    journal = EventJournal.open(tmp_path, KEEP_S)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", failing)
        with pytest.raises(SettingsError, match=r"events-000001\.log cannot be written to: Input/output error\."):
            list(journal.replay())
    journal.close()


def test_a_folder_that_cannot_be_cleared_is_let_go(tmp_path, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(journal_folder.JournalFolder, "clear", failing)
        with pytest.raises(SettingsError, match="cannot be used: Input/output error"):
            EventJournal.open(tmp_path, KEEP_S)
    assert replayed(tmp_path) == []


def test_old_segments_that_cannot_be_removed_stay_without_a_gap(tmp_path, monkeypatch, caplog):
    for day in range(3):
        written(tmp_path, appended(str(day), at=NOON + day * DAY_S), now=NOON + day * DAY_S)
    with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
        broken.setattr(Path, "unlink", failing)
        assert replayed(tmp_path, NOON + KEEP_S + DAY_S) == [appended("2", at=NOON + 2 * DAY_S)]
    assert [record.args[0].name for record in caplog.records] == [segment(1)]
    assert names(tmp_path) == [segment(1), segment(2), segment(3)]
    assert replayed(tmp_path, NOON + KEEP_S + DAY_S) == [appended("2", at=NOON + 2 * DAY_S)]
    assert names(tmp_path) == [segment(3)]


def test_an_older_snapshot_that_cannot_be_removed_does_not_count(tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
        broken.setattr(Path, "unlink", failing)
        with opened(tmp_path) as (journal, _):
            for number in "12":
                journal.append(appended(number))
                cut_and_kept(journal, number)
            journal.append(appended("3"))
        assert replayed(tmp_path) == [appended("3")]
        assert {"snapshot-000001", "snapshot-000002"} < set(names(tmp_path))
    assert "is not needed any more, and cannot be removed: Input/output error" in caplog.text
    assert replayed(tmp_path) == [appended("3")]
    assert names(tmp_path) == [segment(1), segment(2), segment(3), "snapshot-000002"]


def test_a_disk_that_fails_at_the_end_does_not_hold_the_folder(tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as broken, opened(tmp_path) as (journal, _):
        journal.append(appended("1"))
        broken.setattr(os, "fsync", failing)
    assert "is not on disk yet: Input/output error" in caplog.text
    assert replayed(tmp_path) == [appended("1")]

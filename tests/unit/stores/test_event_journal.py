import os
import re
import threading

import pytest

from tests.unit.stores.journal_day import (
    DAY_S,
    KEEP_S,
    NOON,
    appended,
    cut_and_kept,
    forgotten,
    names,
    opened,
    replayed,
    segment,
    written,
)
from winnow.schema.errors import DataError, RequestError, SettingsError
from winnow.stores import event_journal
from winnow.stores.event_journal import EventJournal
from winnow.stores.journal_line import line_of


def test_operations_come_back_in_order_when_the_journal_is_opened_again(tmp_path):
    operations = [appended("1", "2"), forgotten(), appended(), appended("1", user="ünal\0\n")]
    written(tmp_path / "new" / "state", *operations)
    assert replayed(tmp_path / "new" / "state") == operations
    written(tmp_path / "new" / "state", appended("3"))
    assert replayed(tmp_path / "new" / "state") == [*operations, appended("3")]


def test_a_new_journal_has_nothing(tmp_path):
    with opened(tmp_path) as (journal, operations):
        assert operations == []
        assert journal.snapshot_path is None
    assert names(tmp_path) == [segment(1)]


def test_one_process_at_a_time(tmp_path):
    with opened(tmp_path), pytest.raises(SettingsError, match="is in use by another process"):
        EventJournal.open(tmp_path, KEEP_S)
    assert replayed(tmp_path) == []


@pytest.mark.parametrize("folder", ["file", "file/below"])
def test_a_folder_that_cannot_be_one_is_a_sentence(tmp_path, folder):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"state folder \(WINNOW_STATE\) .* cannot be used: "):
        EventJournal.open(tmp_path / folder, KEEP_S)


def test_nothing_is_taken_before_what_is_on_disk_was_read(tmp_path):
    written(tmp_path, appended("1"), appended("2"))
    journal = EventJournal.open(tmp_path, KEEP_S, clock=lambda: NOON)
    operations = journal.replay()
    next(operations)
    for act in (lambda: journal.append(appended("3")), journal.cut):
        with pytest.raises(RuntimeError, match=r"read `replay\(\)` to its end"):
            act()
    assert list(journal.replay()) == [appended("1"), appended("2")]
    journal.append(appended("3"))
    with pytest.raises(RuntimeError, match="was read to its end already"):
        next(journal.replay())
    journal.close()
    journal.close()
    with pytest.raises(RuntimeError, match="takes nothing yet, or no more"):
        journal.append(appended("4"))
    assert replayed(tmp_path) == [appended("1"), appended("2"), appended("3")]


def test_a_name_that_cannot_be_written_changes_nothing(tmp_path):
    with opened(tmp_path) as (journal, _):
        with pytest.raises(RequestError, match="cannot be kept"):
            journal.append(forgotten("\ud800"))
        journal.append(appended("1"))
    assert replayed(tmp_path) == [appended("1")]


def test_threads_share_it(tmp_path, monkeypatch):
    monkeypatch.setattr(event_journal, "SEGMENT_BYTES", 2000)
    with opened(tmp_path) as (journal, _):
        crowd = [threading.Thread(target=append_many, args=(journal, name)) for name in "abcd"]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
    operations = replayed(tmp_path)
    assert len(names(tmp_path)) > 3
    for name in "abcd":
        assert [each for each in operations if each.events[0].event_id[0] == name] == series(name)


def series(name):
    return [appended(f"{name}{number}") for number in range(100)]


def append_many(journal, name):
    for operation in series(name):
        journal.append(operation)


def test_with_fsync_an_operation_is_on_disk_before_it_is_acknowledged(tmp_path, monkeypatch):
    synced = []
    with opened(tmp_path, sync="fsync") as (journal, _), monkeypatch.context() as watched:
        watched.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
        journal.append(appended("1"))
        journal.append(appended("2"))
        watched.undo()
    assert synced == [len(line_of(appended("1"))), len(line_of(appended("1"))) * 2]


def test_without_fsync_an_operation_is_with_the_kernel_before_it_is_acknowledged(tmp_path, monkeypatch):
    with opened(tmp_path) as (journal, _), monkeypatch.context() as watched:
        watched.setattr(os, "fsync", lambda handle: pytest.fail("Nobody waits for the disk."))
        journal.append(appended("1"))
        assert (tmp_path / segment(1)).read_bytes() == line_of(appended("1"))
        watched.undo()


def test_each_utc_day_has_its_own_segment(tmp_path):
    days = [NOON, NOON + 1, NOON + DAY_S / 2, NOON + DAY_S, NOON + 3 * DAY_S]
    clock = iter_clock(days)
    with opened(tmp_path, clock) as (journal, _):
        for at in days:
            clock.now = at
            journal.append(appended(str(at), at=at))
    lines = [len((tmp_path / name).read_bytes().splitlines()) for name in names(tmp_path)]
    assert lines == [2, 2, 1]
    assert replayed(tmp_path, days[-1]) == [appended(str(at), at=at) for at in days]


def iter_clock(days):
    def clock():
        return clock.now

    clock.now = days[0]
    return clock


def test_a_process_that_never_lives_until_midnight_has_a_segment_for_each_day_too(tmp_path):
    for day in range(3):
        written(tmp_path, appended(str(day), at=NOON + day * DAY_S), now=NOON + day * DAY_S)
    assert names(tmp_path) == [segment(1), segment(2), segment(3)]


def test_a_clock_that_is_set_back_does_not_begin_segments(tmp_path):
    written(tmp_path, appended("1"), appended("2", at=NOON - DAY_S), appended("3"), now=NOON - DAY_S)
    assert names(tmp_path) == [segment(1)]


def test_a_large_segment_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(event_journal, "SEGMENT_BYTES", len(line_of(appended("1"))) * 2)
    written(tmp_path, *[appended(str(number)) for number in range(5)])
    assert names(tmp_path) == [segment(1), segment(2), segment(3)]
    assert replayed(tmp_path) == [appended(str(number)) for number in range(5)]


def test_segments_whose_events_are_all_old_go_when_a_new_one_begins_and_at_the_start(tmp_path):
    for day in range(3):
        written(tmp_path, appended(str(day), at=NOON + day * DAY_S), now=NOON + day * DAY_S)
    now = NOON + KEEP_S
    assert replayed(tmp_path, now) == [appended("1", at=NOON + DAY_S), appended("2", at=NOON + 2 * DAY_S)]
    assert names(tmp_path) == [segment(2), segment(3)]
    written(tmp_path, appended("3", at=now + DAY_S), now=now + DAY_S)
    assert names(tmp_path) == [segment(3), segment(4)]


def test_an_event_is_as_young_as_it_happened_or_arrived(tmp_path):
    later = NOON + KEEP_S + DAY_S
    late = appended("late", at=NOON + 2 * DAY_S)
    early = type(late)(at=NOON, events=late.events)
    arrived = type(late)(at=NOON + 2 * DAY_S, events=appended("old").events)
    written(tmp_path, early, arrived, appended("gone"))
    assert replayed(tmp_path, later) == [early, arrived]


def test_who_was_forgotten_stays_so_until_a_snapshot_says_it(tmp_path):
    written(tmp_path, appended("1"), forgotten())
    written(tmp_path, appended("2", at=NOON + DAY_S), now=NOON + DAY_S)
    with opened(tmp_path, NOON + 10 * KEEP_S) as (journal, operations):
        assert operations == [forgotten()]
        assert names(tmp_path) == [segment(1), segment(2)]
        cut_and_kept(journal)
        journal.tidy()
    assert names(tmp_path) == [segment(2), segment(3), "snapshot-000002"]


def test_a_torn_last_record_goes_with_a_warning_and_the_next_is_whole(tmp_path, caplog):
    whole = line_of(appended("1"))
    for lost in range(1, len(line_of(appended("2")))):
        (tmp_path / segment(1)).write_bytes(whole + line_of(appended("2"))[:-lost])
        caplog.clear()
        assert replayed(tmp_path) == [appended("1")]
        assert re.search(r"last record of .*events-000001\.log is torn", caplog.text)
        written(tmp_path, appended("3"))
        assert replayed(tmp_path) == [appended("1"), appended("3")]


def test_damage_in_the_middle_is_an_error_and_nothing_is_lost(tmp_path):
    written(tmp_path, appended("1"), appended("2"), appended("3"))
    path = tmp_path / segment(1)
    damaged = path.read_bytes().replace(b'"2"', b'"4"')
    path.write_bytes(damaged)
    for _ in range(2):
        with pytest.raises(DataError, match=r"Record 2 of .*events-000001\.log is damaged, and more was written"):
            replayed(tmp_path)
    assert path.read_bytes() == damaged


def test_damage_at_the_end_of_an_earlier_segment_is_an_error(tmp_path):
    written(tmp_path, appended("1"), appended("2"))
    path = tmp_path / segment(1)
    path.write_bytes(path.read_bytes()[:-3])
    (tmp_path / segment(2)).write_bytes(b"")
    with pytest.raises(DataError, match=r"Record 2 of .*events-000001\.log is damaged"):
        replayed(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"append"', b'"exchange"', "the kind 'exchange' in version 1"),
        (b'"view"', b'"sneeze"', "has the type 'sneeze'"),
    ],
)
def test_what_a_newer_program_wrote_stops_the_start(tmp_path, old, new, words, monkeypatch):
    written(tmp_path, appended("1"))
    path = tmp_path / segment(1)
    monkeypatch.setattr("winnow.stores.journal_segment.content_of", lambda line: line[9:])
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(DataError, match=rf"Record 1 of .* is whole, but cannot be understood: .*{words}.*\. Start"):
        replayed(tmp_path)


def test_a_segment_that_cannot_be_read_is_a_sentence(tmp_path):
    (tmp_path / segment(1)).mkdir()
    with pytest.raises(DataError, match=r"events-000001\.log cannot be read: Is a directory"):
        replayed(tmp_path)


def test_a_missing_segment_is_an_error_that_names_it(tmp_path):
    for number in (1, 2, 4):
        (tmp_path / segment(number)).write_bytes(line_of(appended(str(number))))
    with pytest.raises(DataError, match=r"events-000003\.log is missing, and there are segments before and after it"):
        EventJournal.open(tmp_path, KEEP_S)
    (tmp_path / segment(3)).write_bytes(b"")
    assert replayed(tmp_path) == [appended("1"), appended("2"), appended("4")]

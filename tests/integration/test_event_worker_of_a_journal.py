"""The event log of an embedded service: every event once, whatever becomes of the worker and the journal."""

import logging
import shutil
import signal

import pytest

from tests.event_worker_child import nursery
from tests.logged_events import CONFIG, NOON, event, ids_of, nobody, rows_of
from winnow.schema.errors import DataError
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.serving.event_log.part_file import read_part
from winnow.serving.process.run_worker import POSITION_FILE
from winnow.stores.durable_state import DurableState
from winnow.stores.journal_log import JournalLog


class Service:
    """An embedded store that is told events, a journal segment each day."""

    def __init__(self, folder):
        self.now, self.sent = NOON, 0
        self.store = DurableState.open(folder, CONFIG, clock=lambda: self.now)

    def append(self, count, a_call=10):
        events = [event(self.sent + number) for number in range(count)]
        for start in range(0, count, a_call):
            self.store.append(events[start : start + a_call])
        self.sent += count

    def all_once(self):
        return {f"e{number}": 1 for number in range(self.sent)}


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path / "state")
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def children():
    with nursery() as made:
        yield made


def write_once(tmp_path):
    with EventFolder.opened(tmp_path / "log", nobody) as log:
        source = JournalLog(journal=tmp_path / "state", settled=log.path / POSITION_FILE, reader=log.name)
        return EventWorker(source=source, folder=log).run_once()


def test_a_journal_is_read_while_its_service_runs_day_after_day(service, tmp_path):
    for day in range(3):
        service.now = NOON + 86_400 * day
        service.append(100)
        assert write_once(tmp_path) == 100
        assert write_once(tmp_path) == 0
    assert ids_of(tmp_path / "log") == service.all_once()
    rows = {row["event_id"]: row for row in rows_of(tmp_path / "log")}
    assert rows["e0"]["arrived_at"] == NOON
    assert rows["e250"]["arrived_at"] == NOON + 2 * 86_400


def test_a_worker_that_dies_before_any_of_its_steps_loses_and_doubles_nothing(service, tmp_path, children):
    ended = 0
    for die_at in range(1, 60):
        service.now += 20_000  # a new segment every few lives
        service.append(30, a_call=7)
        if die_at % 3 == 0:
            service.store.snapshot()
        children.start(state=tmp_path / "state", events=tmp_path / "log", once=True, die_at=die_at)
        code = children.code()
        assert code in {0, -signal.SIGKILL}
        ended += code == 0
        if ended == 2:
            break
    assert die_at > 12
    write_once(tmp_path)
    assert not (tmp_path / "state" / "events-000001.log").exists(), "settled, and a snapshot stands for it"
    assert ids_of(tmp_path / "log") == service.all_once()


def test_where_the_position_is_lost_all_is_read_again_and_nothing_doubled(service, tmp_path):
    service.append(100)
    service.now += 86_400
    service.append(50)
    write_once(tmp_path)
    (tmp_path / "log" / POSITION_FILE).unlink()
    service.append(1)
    assert write_once(tmp_path) == 1
    (tmp_path / "log" / POSITION_FILE).write_text("{")
    with pytest.raises(DataError, match="is damaged; delete it"):
        write_once(tmp_path)


def test_the_beginning_of_a_line_waits_for_its_end(service, tmp_path):
    service.append(10)
    (segment,) = (tmp_path / "state").glob("events-*.log")
    whole = segment.read_bytes()
    for size in range(0, len(whole), 97):
        segment.write_bytes(whole[:size])
        assert write_once(tmp_path) == 0
    segment.write_bytes(whole)
    assert write_once(tmp_path) == 10


def test_another_journal_in_the_place_of_the_first_is_read_from_its_beginning(service, tmp_path):
    for _ in range(3):
        service.append(10)
        service.now += 86_400
    write_once(tmp_path)
    service.store.close()
    shutil.rmtree(tmp_path / "state")
    service.store = DurableState.open(tmp_path / "state", CONFIG, clock=lambda: service.now)
    service.append(5)
    assert write_once(tmp_path) == 5
    assert ids_of(tmp_path / "log") == service.all_once()


def test_segments_that_went_unread_are_told_of(service, tmp_path, caplog):
    service.append(10)
    write_once(tmp_path)
    for _ in range(3):
        service.now += 86_400
        service.append(10)
    for number in (1, 2, 3):
        (tmp_path / "state" / f"events-{number:06d}.log").unlink()
    with caplog.at_level(logging.WARNING):
        assert write_once(tmp_path) == 10
    assert "Segments 2 to 3 of the journal" in caplog.text


def test_a_damaged_line_stops_the_worker_with_its_place(service, tmp_path):
    service.append(20)
    (segment,) = (tmp_path / "state").glob("events-*.log")
    segment.write_bytes(segment.read_bytes().replace(b"user 3", b"user X", 1))
    with pytest.raises(DataError, match=r"The line of .*events-000001.log that ends at byte \d+ is damaged"):
        write_once(tmp_path)
    service.store.close()
    service.store = DurableState.open(tmp_path / "other", CONFIG)


def test_who_is_forgotten_or_moves_in_the_service_does_so_in_the_log(service, tmp_path):
    service.append(34)
    write_once(tmp_path)
    service.append(17)
    service.store.forget("user 3")
    service.store.merge("user 4", "user 5")
    service.store.reset("user 6")
    assert write_once(tmp_path) == 16 + 2
    assert {row["user_id"] for row in rows_of(tmp_path / "log")} == {f"user {n}" for n in range(17)} - {"user 3"}
    (merges,) = (tmp_path / "log").glob("_merges/part-*.parquet")
    assert read_part(merges, ["source", "target"]).to_pylist() == [{"source": "user 4", "target": "user 5"}]
    # Also where all is read again, and who comes back is kept.
    (tmp_path / "log" / POSITION_FILE).unlink()
    service.now += 1
    service.store.append([event(1_000, user="user 3")])
    assert write_once(tmp_path) == 1
    assert [row["event_id"] for row in rows_of(tmp_path / "log") if row["user_id"] == "user 3"] == ["e1000"]


def test_a_worker_that_comes_late_finds_all_but_what_was_forgotten_since(service, tmp_path):
    service.append(34)
    service.store.snapshot()
    service.append(34)
    service.store.forget("user 3")
    service.store.snapshot()
    service.now += 1
    service.append(17)
    assert write_once(tmp_path) == 85 - 4
    wanted = {name: times for name, times in service.all_once().items() if int(name[1:]) % 17 != 3 or name == "e71"}
    assert ids_of(tmp_path / "log") == wanted


def test_where_the_last_line_that_was_read_is_written_anew_nothing_comes_twice(service, tmp_path):
    service.append(30)
    service.append(1)
    write_once(tmp_path)
    service.append(20)
    service.store.forget("user 13")  # e30
    service.store.snapshot()
    service.append(10)
    write_once(tmp_path)
    gone = {"e13", "e30", "e47"}
    assert ids_of(tmp_path / "log") == {name: 1 for name in service.all_once() if name not in gone}


def test_segments_wait_for_a_worker_that_has_begun_and_go_when_it_has_them(service, tmp_path):
    for _ in range(3):
        service.append(10)
        service.store.snapshot()
        assert (tmp_path / "state" / "events-000001.log").exists(), "nobody has it elsewhere"
        service.now += 86_400
    write_once(tmp_path)
    service.append(10)
    service.store.snapshot()
    left = sorted(path.name for path in (tmp_path / "state").glob("events-*.log"))
    assert left == [f"events-{number:06d}.log" for number in (3, 4, 5)]
    write_once(tmp_path)
    assert ids_of(tmp_path / "log") == service.all_once()

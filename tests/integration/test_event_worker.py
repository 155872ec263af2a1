"""The event log of a server: every event once, whatever becomes of worker, server and disk."""

import os
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

from benchmarks.valkey_server import free_ports
from tests.event_worker_child import nursery
from tests.logged_events import (
    NOON,
    client_of,
    demand_of,
    event,
    ids_of,
    rows_of,
    state_of,
    waiting_on,
)
from tests.logged_events import CONFIG as STATE_CONFIG
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.schema.errors import SettingsError, Unavailable
from winnow.serving.event_folder import EventFolder
from winnow.serving.event_worker import EventWorker
from winnow.serving.part_file import read_part
from winnow.stores.memory_state import MemoryState
from winnow.stores.valkey_demand import ValkeyDemand
from winnow.stores.valkey_keys import log_key
from winnow.stores.valkey_log import GROUP, ValkeyLog


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    with valkey_server(folder, appendonly="yes", appendfsync="always") as started:
        yield started


@pytest.fixture(scope="module")
def children():
    with nursery() as made:
        yield made


def nobody():
    raise AssertionError("somebody else has the folder")


def write_once(client, folder):
    """What `winnow worker --once` does."""
    with EventFolder.opened(folder, nobody) as log:
        source = ValkeyLog(client=client, owner=log.name)
        return EventWorker(source=source, folder=log, count=ValkeyDemand(client=client).count).run_once()


def remembered(events):
    """What a store in memory says of the same events."""
    memory = MemoryState(STATE_CONFIG, clock=lambda: NOON)
    memory.append(events)
    return memory


def test_every_event_comes_to_the_file_of_its_day_with_all_its_fields_and_leaves_the_server(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    events = [event(number) for number in range(500)]
    assert state_of(client).append(events) == 500
    assert write_once(client, folder) == 500
    rows = {row["event_id"]: row for row in rows_of(folder)}
    assert len(rows) == 500
    for each in events:
        row = rows[each.event_id]
        assert row["day"] == datetime.fromtimestamp(each.at, UTC).date().isoformat()
        assert {name: row[name] for name in ("user_id", "item_id", "type", "at", "request_id")} == {
            name: getattr(each, name) for name in ("user_id", "item_id", "type", "at", "request_id")
        }
        assert abs(row["arrived_at"] - time.time()) < 60
    for day in folder.glob("day=*"):
        at = [row["at"] for row in rows_of(folder) if row["day"] == day.name[4:]]
        assert at == sorted(at)
    assert waiting_on(client) == 0
    assert write_once(client, folder) == 0


def test_demand_is_what_a_store_in_memory_says_of_the_same_events(server, tmp_path):
    client, state = client_of(server), state_of(client_of(server))
    assert demand_of(state) == {}
    events = [event(number) for number in range(300)]
    random.Random(0).shuffle(events)
    state.append(events)
    write_once(client, tmp_path / "log")
    assert demand_of(state) == pytest.approx(demand_of(remembered(events)), rel=1e-9)
    state.append([event(number) for number in range(300, 400)])
    write_once(client, tmp_path / "log")
    total = remembered([*events, *(event(number) for number in range(300, 400))])
    assert demand_of(state) == pytest.approx(demand_of(total), rel=1e-9)


def test_what_is_read_again_counts_once(server):
    client = client_of(server)
    state = state_of(client)
    state.append([event(number) for number in range(100)])
    entries = ValkeyLog(client=client, owner="here").read()
    demand = ValkeyDemand(client=client)
    assert [demand.count(entries), demand.count(entries), demand.count(entries[50:])] == [100, 0, 0]
    assert demand_of(state) == pytest.approx(demand_of(remembered([event(number) for number in range(100)])))


def test_what_another_reader_left_is_claimed_in_order(server, tmp_path):
    client = client_of(server)
    state_of(client).append([event(number) for number in range(50)])
    source = ValkeyLog(client=client, owner="here")
    first = source.read()
    assert len(first) == 50
    assert source.read() == []
    again = ValkeyLog(client=client, owner="here").read()
    assert {each.key for each in again} == {each.key for each in first}
    for stream in {each.stream for each in again}:
        places = [each.place for each in again if each.stream == stream]
        assert places == sorted(places)
    source.settle(again)
    assert ValkeyLog(client=client, owner="here").read() == []
    (pending,) = client.send([("XPENDING", log_key(first[0].stream), GROUP)])
    assert pending["pending"] == 0


def test_two_folders_do_not_share_the_events_of_a_server(server, tmp_path):
    client = client_of(server)
    write_once(client, tmp_path / "one")
    with pytest.raises(SettingsError, match="written to another folder already"):
        write_once(client, tmp_path / "two")
    (tmp_path / "one").rename(tmp_path / "moved")
    state_of(client).append([event(1)])
    assert write_once(client, tmp_path / "moved") == 1


def test_merges_and_what_nobody_knows_are_kept_aside(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    for told in (
        ("kind", "merge", "source", "session:9", "target", "ann", "at", "5.5"),
        ("kind", "invented", "what", "ever"),
        ("user_id", "ann", "at", "soon"),
    ):
        client.send([("XADD", log_key("s00"), "*", *told)])
    state_of(client).append([event(1), event(2, at=-5.0), event(3, at=1e300)])
    assert write_once(client, folder) == 6
    assert ids_of(folder) == {"e1": 1}
    (merges,) = folder.glob("_merges/part-*.parquet")
    (merge,) = read_part(merges, ["source", "target", "at"]).to_pylist()
    assert merge == {"source": "session:9", "target": "ann", "at": "5.5"}
    (others,) = folder.glob("_others/part-*.parquet")
    assert len(read_part(others)) == 4
    assert waiting_on(client) == 0


def test_a_worker_that_dies_before_any_of_its_steps_loses_and_doubles_nothing(server, tmp_path, children):
    client = client_of(server)
    state, folder = state_of(client), tmp_path / "log"
    number, ended = 0, 0
    for die_at in range(1, 80):
        state.append([event(number + each) for each in range(40)])
        number += 40
        children.start(url=server.url, events=folder, once=True, die_at=die_at)
        code = children.code()
        assert code in {0, -signal.SIGKILL}
        if code == 0:
            ended += 1
            if ended == 2:
                break
    assert ended == 2
    assert die_at > 20
    write_once(client, folder)
    assert ids_of(folder) == {f"e{each}": 1 for each in range(number)}
    assert list(folder.glob("*/.part*")) == []
    assert waiting_on(client) == 0
    expected = demand_of(remembered([event(each) for each in range(number)]))
    assert demand_of(state) == pytest.approx(expected, rel=1e-9)


def test_a_worker_that_is_killed_at_many_moments_while_events_come_in_loses_and_doubles_nothing(
    server, tmp_path, children
):
    client, folder, sent, stop = client_of(server), tmp_path / "log", [], Signal()
    state = state_of(client)

    def write() -> None:
        while not stop.is_set():
            events = [event(len(sent) + each) for each in range(20)]
            state.append(events)
            sent.extend(events)
            time.sleep(0.001)

    writer, moment = Thread(target=write), random.Random(1)
    writer.start()
    try:
        for _ in range(40):
            child = children.start(url=server.url, events=folder)
            time.sleep(moment.uniform(0.0, 0.4))
            os.kill(child, signal.SIGKILL)
            assert children.code() == -signal.SIGKILL
    finally:
        stop.set()
        writer.join()
    assert 100 < len(ids_of(folder)) <= len(sent)
    write_once(client, folder)
    assert ids_of(folder) == {each.event_id: 1 for each in sent}
    assert waiting_on(client) == 0
    assert demand_of(state) == pytest.approx(demand_of(remembered(sent)), rel=1e-9)


def test_a_worker_waits_for_its_server_and_goes_on_by_itself(server, tmp_path, children):
    client, folder = client_of(server), tmp_path / "log"
    state = state_of(client)
    child = children.start(url=server.url, events=folder)
    try:
        for round_ in range(3):
            state.append([event(round_ * 100 + each) for each in range(50)])
            server.kill()
            time.sleep(0.2)
            server.start()
            append_once_there(state, [event(round_ * 100 + each) for each in range(50, 100)])
        wait_for(lambda: len(ids_of(folder)) == 300)
        wait_for(lambda: waiting_on(client) == 0)
    finally:
        os.kill(child, signal.SIGTERM)
    children.code()
    assert set(ids_of(folder).values()) == {1}
    expected = demand_of(remembered([event(each) for each in range(300)]))
    assert demand_of(state) == pytest.approx(expected, rel=1e-9)


def test_a_server_that_lost_everything_is_read_from_its_beginning(tmp_path):
    (tmp_path / "server").mkdir()
    with valkey_server(tmp_path / "server") as server, EventFolder.opened(tmp_path / "log", nobody) as log:
        client = client_of(server)
        worker = EventWorker(source=ValkeyLog(client=client, owner=log.name), folder=log)
        state_of(client).append([event(1)])
        assert worker.run_once() == 1
        server.kill()
        server.start()
        append_once_there(state_of(client), [event(2)])
        with pytest.raises(Unavailable, match="started anew and its log is empty"):
            worker.run_once()
        assert worker.run_once() == 1
    assert ids_of(tmp_path / "log") == {"e1": 1, "e2": 1}


def test_what_a_server_gives_again_after_a_fall_back_is_not_written_again(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    state_of(client).append([event(number) for number in range(30)])
    kept = {key: client.send([("DUMP", key)])[0] for key in client.send([("KEYS", "*:log")])[0]}
    assert write_once(client, folder) == 30
    # The server comes back without its last seconds: nothing was read, nothing settled.
    client.send([("RESTORE", key, 0, content, "REPLACE") for key, content in kept.items()])
    assert waiting_on(client) == 30
    assert write_once(client, folder) == 0
    assert ids_of(folder) == {f"e{number}": 1 for number in range(30)}
    assert waiting_on(client) == 0


def test_a_full_disk_is_said_and_nothing_leaves_the_server_until_there_is_room(server, tmp_path, monkeypatch):
    client, folder, failing = client_of(server), tmp_path / "log", [3]
    state_of(client).append([event(number) for number in range(90)])
    real = Path.write_bytes

    def write(path: Path, content: bytes) -> int:
        if "part" in path.name and failing[0]:
            failing[0] -= 1
            real(path, content[:10])
            raise OSError(28, "No space left on device")
        return real(path, content)

    with EventFolder.opened(folder, nobody) as log:
        worker = EventWorker(source=ValkeyLog(client=client, owner=log.name), folder=log, flush_s=0.0)
        monkeypatch.setattr(Path, "write_bytes", write)
        for _ in range(3):
            with pytest.raises(Unavailable, match=r"No space left on device. Nothing is lost"):
                worker.step()
            assert waiting_on(client) == 90
        assert list(folder.glob("*/.part*")) == list(folder.glob("*/part*")) == []
        worker.step()
    assert ids_of(folder) == {f"e{number}": 1 for number in range(90)}
    assert waiting_on(client) == 0


def test_memory_that_is_full_is_freed_by_the_worker(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    state = state_of(client)
    state.append([event(number) for number in range(100)])
    client.send([("CONFIG", "SET", "maxmemory-policy", "noeviction"), ("CONFIG", "SET", "maxmemory", "1")])
    with pytest.raises(Unavailable, match="OutOfMemory"):
        state.append([event(200)])
    assert write_once(client, folder) == 100
    assert waiting_on(client) == 0
    assert len(demand_of(state)) == 5


def append_once_there(state, events):
    """Again until the server answers; an event that was taken counts once."""
    end = time.monotonic() + PATIENT_S
    while True:
        try:
            return state.append(events)
        except Unavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def wait_for(condition):
    end = time.monotonic() + 2 * PATIENT_S
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def test_a_cluster_allows_every_call(tmp_path):
    (tmp_path / "server").mkdir()
    (port,) = free_ports(1)
    with valkey_server(tmp_path / "server", cluster_enabled="yes", cluster_port=str(port)) as server:
        client = client_of(server)
        client.send([("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)])
        wait_for(lambda: b"cluster_state:ok" in client.send([("CLUSTER", "INFO")])[0])
        state, events = state_of(client), [event(number) for number in range(100)]
        state.append(events)
        assert write_once(client, tmp_path / "log") == 100
        assert waiting_on(client) == 0
        assert demand_of(state) == pytest.approx(demand_of(remembered(events)), rel=1e-9)

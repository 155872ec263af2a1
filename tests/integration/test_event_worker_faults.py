"""The event log of a server, whatever becomes of worker, server and disk."""

import os
import signal
import time
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import numpy as np
import pytest

from tests.event_worker_child import nursery
from tests.logged_events import (
    append_once_there,
    client_of,
    demand_of,
    event,
    ids_of,
    nobody,
    remembered,
    state_of,
    wait_for,
    waiting_on,
    write_once,
)
from tests.valkey_server import valkey_server
from winnow.schema.errors import Unavailable
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.stores.valkey_log import ValkeyLog


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

    writer, moment = Thread(target=write), np.random.default_rng(1)
    writer.start()
    try:
        for _ in range(15):
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

"""Names that leave the event log of a server, and workers that want the same folder."""

import os
import signal
import threading
import time

import pytest

from tests.event_worker_child import nursery
from tests.logged_events import client_of, event, ids_of, nobody, rows_of, state_of, wait_for, waiting_on, write_once
from tests.valkey_server import valkey_server
from winnow.schema.errors import SettingsError
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.event_log.part_file import read_part
from winnow.stores.valkey_keys import log_key
from winnow.stores.valkey_log import ValkeyLog


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    with valkey_server(folder) as started:
        yield started


def users_in(folder):
    return {row["user_id"] for row in rows_of(folder)}


def test_only_files_that_hold_a_name_are_written_anew_and_all_other_rows_stay(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    state = state_of(client)
    state.append([event(number) for number in range(100)])
    write_once(client, folder)
    state.append([event(number, user="zoe") for number in range(100, 106)])
    client.send([("XADD", log_key("s00"), "*", "kind", "merge", "source", "session:9", "target", "zoe", "at", "5.5")])
    client.send([("XADD", log_key("s00"), "*", "kind", "invented", "who", "zoe")])
    write_once(client, folder)
    before = {path: path.read_bytes() for path in folder.glob("*/part-*.parquet")}
    assert forget_logged(folder, {"zoe": time.time() + 60}) == (8, 5)
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert len(changed) == 5
    assert ids_of(folder) == {f"e{number}": 1 for number in range(100)}
    assert all(len(read_part(path)) == 0 for path in changed)
    assert list(folder.glob("*/.part*")) == []


def test_rows_that_went_do_not_come_back_with_entries_that_do(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    state_of(client).append([event(number, user=("ann", "bob")[number % 2]) for number in range(20)])
    with EventFolder.opened(folder, nobody) as log:
        source = ValkeyLog(client=client, owner=log.name)
        log.write(source.read())  # and dies before it settles
    assert forget_logged(folder, {"ann": time.time() + 60}) == (10, 3)
    assert write_once(client, folder) == 0
    assert users_in(folder) == {"bob"}
    assert waiting_on(client) == 0


def test_who_is_forgotten_in_the_store_is_forgotten_in_the_log(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    state = state_of(client)
    state.append([event(number, user=("ann", "bob")[number % 2]) for number in range(20)])
    write_once(client, folder)
    assert state.forget("ann") == 10
    write_once(client, folder)
    assert users_in(folder) == {"bob"}
    state.append([event(30, user="ann")])
    state.reset("bob")
    write_once(client, folder)
    assert users_in(folder) == {"ann", "bob"}, "who comes back is kept again, and a reset is no forgetting"


@pytest.mark.parametrize("is_written", [True, False])
def test_what_a_session_did_goes_with_whom_it_became(server, tmp_path, is_written):
    client, folder = client_of(server), tmp_path / "log"
    state = state_of(client)
    state.append([event(number, user=("session:1", "session:2")[number % 2]) for number in range(8)])
    state.merge("session:1", "ann")
    if is_written:
        write_once(client, folder)
    time.sleep(0.002)  # the server tells instants by the millisecond
    state.append([event(8, user="session:1")])
    state.forget("ann")
    write_once(client, folder)
    left = [(row["user_id"], row["event_id"]) for row in rows_of(folder)]
    assert sorted(left) == [("session:1", "e8"), *(("session:2", f"e{number}") for number in (1, 3, 5, 7))]


def test_names_go_while_a_worker_writes_and_nobody_else_loses_a_row(server, tmp_path):
    client, folder, stop = client_of(server), tmp_path / "log", threading.Event()
    state = state_of(client)

    def work() -> None:
        with EventFolder.opened(folder, nobody) as log:
            source = ValkeyLog(client=client_of(server), owner=log.name)
            worker = EventWorker(source=source, folder=log, flush_s=0.01)
            while not stop.is_set() or worker.step():
                worker.step()
            worker.flush()

    worker = threading.Thread(target=work)
    worker.start()
    wait_for((folder / "_log_id").exists)
    forgotten = {}
    for round_ in range(10):
        state.append([event(round_ * 34 + number) for number in range(34)])
        name = f"user {round_}"
        forgotten[name] = time.time() + 3_600
        forget_logged(folder, {name: forgotten[name]})
    stop.set()
    worker.join()
    kept = [event(number) for number in range(340) if event(number).user_id not in forgotten]
    assert ids_of(folder) == {each.event_id: 1 for each in kept}


def test_a_second_worker_stands_by_and_takes_over_when_the_first_is_killed(server, tmp_path):
    client, folder = client_of(server), tmp_path / "log"
    state = state_of(client)
    with nursery() as one, nursery() as two:
        first = one.start(url=server.url, events=folder)
        wait_for((folder / "_log_id").exists)
        second = two.start(url=server.url, events=folder)
        state.append([event(number) for number in range(50)])
        wait_for(lambda: waiting_on(client) == 0)
        os.kill(first, signal.SIGKILL)
        state.append([event(number) for number in range(50, 100)])
        wait_for(lambda: len(ids_of(folder)) == 100)
        os.kill(second, signal.SIGKILL)
        assert [one.code(), two.code()] == [-signal.SIGKILL] * 2
    assert ids_of(folder) == {f"e{number}": 1 for number in range(100)}


def test_a_folder_that_cannot_be_used_is_said(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(SettingsError, match=r"WINNOW_EVENTS.* cannot be used: Not a directory"),
        EventFolder.opened(tmp_path / "file" / "log", nobody),
    ):
        pass

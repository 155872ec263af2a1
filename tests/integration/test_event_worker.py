"""The event log of a server: every event of every day, once."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from benchmarks.valkey_server import free_ports
from tests.logged_events import (
    CONFIG,
    client_of,
    demand_of,
    event,
    ids_of,
    nobody,
    remembered,
    rows_of,
    state_of,
    wait_for,
    waiting_on,
    write_once,
)
from tests.valkey_server import valkey_server
from winnow.schema.errors import SettingsError, Unavailable
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.serving.event_log.part_file import read_part
from winnow.stores.valkey_demand import ValkeyDemand
from winnow.stores.valkey_keys import log_key
from winnow.stores.valkey_log import GROUP, ValkeyLog
from winnow.stores.valkey_state import ValkeyState


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    with valkey_server(folder, appendonly="yes", appendfsync="always") as started:
        yield started


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
    events = [events[place] for place in np.random.default_rng(0).permutation(300)]
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


def test_a_worker_and_a_bundle_of_other_half_lives_are_told_so_and_nothing_is_mixed(server, tmp_path):
    client = client_of(server)
    state = state_of(client)
    state.append([event(number) for number in range(60)])
    write_once(client, tmp_path / "log")
    before = demand_of(state)
    state.append([event(number) for number in range(60, 80)])
    with EventFolder.opened(tmp_path / "log", nobody) as log:
        source, hasty = ValkeyLog(client=client, owner=log.name), ValkeyDemand(client=client, half_life_s=86_400.0)
        with pytest.raises(SettingsError, match=r"half-life of 7 days, and here it is 1\. .*--half-life-days"):
            EventWorker(source=source, folder=log, count=hasty.count).run_once()
    assert demand_of(state) == before
    assert waiting_on(client) == 20
    other = ValkeyState(client, replace(CONFIG, half_life_s=86_400.0))
    with pytest.raises(Unavailable, match="half-life of 7 days, and here it is 1"):
        demand_of(other)
    # As the sentence says.
    client.send([("DEL", *client.send([("KEYS", "*demand:*")])[0])])
    with EventFolder.opened(tmp_path / "log", nobody) as log:
        source = ValkeyLog(client=client, owner=log.name)
        assert EventWorker(source=source, folder=log, count=hasty.count).run_once() == 20
    assert len(demand_of(other)) > 0


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
        ("event_id", "e9", "user_id", "ann", "item_id", "a", "type", "view", "at", "soon"),
        ("event_id", "e8", "user_id", "ann", "item_id", "a", "type", "hummed", "at", "5.5"),
    ):
        client.send([("XADD", log_key("s00"), "*", *told)])
    state_of(client).append([event(1), event(2, at=-5.0), event(3, at=1e300)])
    assert write_once(client, folder) == 8
    assert ids_of(folder) == {"e1": 1, "e8": 1}
    (merges,) = folder.glob("_merges/part-*.parquet")
    (merge,) = read_part(merges, ["source", "target", "at"]).to_pylist()
    assert merge == {"source": "session:9", "target": "ann", "at": "5.5"}
    (others,) = folder.glob("_others/part-*.parquet")
    assert len(read_part(others)) == 5
    assert waiting_on(client) == 0


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

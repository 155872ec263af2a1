"""Benchmarks of the state on a server, at a size that takes no time."""

import time
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import bench_demand, bench_event_log, bench_event_write, bench_seen, bench_state, state_users
from benchmarks.benchmark import Benchmark
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.state_faults import FAULTS
from benchmarks.valkey_server import ValkeyServer, running
from tests.unit.serving.small_engine import counting_engine
from tests.valkey_server import needed_program
from winnow.schema.errors import Unavailable
from winnow.stores.valkey_client import ValkeyClient


@pytest.fixture
def inputs(tmp_path):
    return Inputs(data=tmp_path, cache=tmp_path / "cache")


def rows_of(module, inputs):
    bench = Benchmark(group=module.GROUP, quality=module.QUALITY, measure=module.rows)
    return {row.name: row for row in bench.results(inputs)}


def make_small(monkeypatch, module, **values):
    needed_program()
    for name, value in values.items():
        monkeypatch.setattr(module, name, value)


def test_a_read_is_timed_with_all_that_it_is_made_of(inputs, monkeypatch):
    make_small(monkeypatch, bench_state, WARM_UP=1, ROUNDS=1, USERS=2)
    rows = rows_of(bench_state, inputs)
    stores = [f"{where}{size}" for where in ("valkey", "memory") for size in ("", ".last_1000")]
    assert set(rows) == {f"state.read.{store}.{what}_ms" for store in stores for what in ("p50", "p99")}
    assert "50 events and 20 items seen on each of 7 days" in rows["state.read.valkey.p50_ms"].how
    assert "1,000 events and 150 items seen on each of 7" in rows["state.read.memory.last_1000.p99_ms"].how


@pytest.mark.parametrize("size", bench_state.SIZES)
def test_the_user_who_is_read_has_as_much_as_the_row_says(inputs, monkeypatch, size):
    make_small(monkeypatch, bench_state)
    config, views_a_day = bench_state.SIZES[size]
    with state_users.state_users(inputs.cache, config) as users:
        users.fill("ann", views_a_day)
        states = users.state.read(["ann"], np.array([state_users.NOW + 1.0]))
    assert states.events.at.lengths.tolist() == [config.length]
    assert len(states.seen.sizes.values) == state_users.SEEN.days


def test_a_write_is_timed_beside_the_bare_round_trip(inputs, monkeypatch):
    make_small(monkeypatch, bench_event_write, WARM_UP=1, ROUNDS=1)
    rows = rows_of(bench_event_write, inputs)
    assert set(rows) == {
        f"event.write.valkey{fsync}.{what}" for fsync in ("", ".everysec") for what in ("p50_ms", "over_ping_ms")
    }
    for name, row in rows.items():
        assert f"appendfsync {'everysec' if 'everysec' in name else 'always'}, " in row.how


def test_looks_at_demand_are_timed_by_what_they_find(inputs, monkeypatch):
    make_small(monkeypatch, bench_demand, ROUNDS=3)
    with state_users.state_users(inputs.cache) as users:
        engine = replace(counting_engine(), state=users.state)
        monkeypatch.setattr("winnow.engine.assembly.Assembly.pipelines", lambda *_: (engine.pipeline, None))
        taken = bench_demand.looks_ms(engine, users.client)
        assert list(taken) == ["something new", "nothing new"]
        assert all(value > 0 for value in taken.values())
        monkeypatch.setattr("winnow.serving.engines.live_engine.LiveEngine.follow_demand", lambda *_: True)
        with pytest.raises(RefusedError, match="to find nothing new found something else"):
            bench_demand.looks_ms(engine, users.client)


def test_a_worker_that_has_fallen_behind_is_timed(inputs, monkeypatch):
    make_small(monkeypatch, bench_event_log, EVENTS=200, USERS=20, ROUNDS=1)
    rows = rows_of(bench_event_log, inputs)
    assert set(rows) == {"event.log.written_a_second"}
    assert "200 views by 20 users" in rows["event.log.written_a_second"].how


def test_wrong_answers_stay_below_the_rate_and_bitmaps_are_weighed(inputs, monkeypatch):
    make_small(monkeypatch, bench_seen, PAIRS=4_000, USERS=2, VIEWS_A_DAY=(20, 200))
    rows = rows_of(bench_seen, inputs)
    assert rows["seen.false_positive_rate"].value <= state_users.SEEN.error_rate
    assert 7 * 360 < rows["seen.20_a_day.bytes_per_active_user"].value < rows["seen.bytes_per_active_user"].value


def test_without_a_server_nothing_is_measured(inputs, monkeypatch):
    monkeypatch.setattr(state_users, "found_program", lambda: None)
    with pytest.raises(RefusedError, match="make server"):
        rows_of(bench_state, inputs)


def test_every_fault_is_one_that_a_client_notices_and_ends_with_its_block(tmp_path):
    program = needed_program()
    with running(ValkeyServer(program, tmp_path, enable_debug_command="yes")) as server:
        client = ValkeyClient(f"{server.url}?socket_timeout=0.1", connect_timeout_s=0.3, back_off_s=0.001)
        noticed = {}
        for name, (fault, _) in FAULTS.items():
            with fault(server):
                noticed[name] = not answers(client, ("SET", "key", 1))
            assert server.answers()
        # What is slow may be too slow on a busy machine.
        assert noticed | {"slow": True} == {name: name != "none" for name in FAULTS}
        client.close()


def answers(client, command):
    """Whether it ever does not, in a second: who sleeps at times may be awake for some calls, on a busy machine."""
    until = time.monotonic() + 1.0
    try:
        while time.monotonic() < until:
            client.send([command])
    except Unavailable:
        return False
    return True

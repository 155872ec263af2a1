"""What only Valkey has: keys that expire, a log, event ids that age."""

from dataclasses import replace

import numpy as np
import pytest

from tests.valkey_server import PATIENT_S, valkey_server
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.state_config import StateConfig
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import UserKeys
from winnow.stores.valkey_state import ValkeyState

DAY_S = 86_400.0
START = 20_000 * DAY_S
DAY = 20_000


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with valkey_server(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
    yield client
    client.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def state(client, clock):
    client.send([("FLUSHDB",)])
    return ValkeyState(client, StateConfig(length=3, counted=counted_types(["view"])), clock)


def view(name, at=START, user_id="ann", item_id="pen"):
    return Event(event_id=name, user_id=user_id, item_id=item_id, type="view", at=at)


def life_s(client, key):
    """Seconds that a key will live; 0 if there is none."""
    (ms,) = client.send([("PTTL", key)])
    return max(ms, 0) / 1000


@pytest.mark.parametrize("hour", [0, 13, 23.9])
def test_an_event_id_is_known_for_48_hours(state, clock, hour):
    clock.now = START + hour * 3600
    state.append([view("e1")])
    for hours in (0, 24, 47.9):
        clock.now = START + (hour + hours) * 3600
        assert state.append([view("e1")]) == 0


def test_every_key_of_a_user_expires_but_the_log_and_the_forgotten_mark(client, state):
    keys = UserKeys.of("ann")
    state.append([view("e1"), view("e2", START - 3 * DAY_S), view("e3", START + DAY_S)])
    lives = {
        keys.count: 30,
        keys.events()[1]: 30,
        keys.ids([DAY])[0]: 3,
        keys.seen([DAY])[0]: 7,
        keys.seen([DAY - 3])[0]: 4,
        keys.seen([DAY + 1])[0]: 8,
    }
    for key, days in lives.items():
        assert life_s(client, key) == pytest.approx(days * DAY_S, abs=60)
    assert set(client.send([("KEYS", "*")])[0]) == {each.encode() for each in [*lives, keys.log]}
    state.forget("ann")
    assert client.send([("TTL", keys.log), ("TTL", keys.forgotten)]) == [-1, -1]


def test_another_view_does_not_prolong_what_was_seen(client, state, clock):
    key = UserKeys.of("ann").seen([DAY])[0]
    state.append([view("e1")])
    clock.now += 2 * DAY_S
    state.append([view("e2", item_id="cup")])
    assert life_s(client, key) == pytest.approx(5 * DAY_S, abs=60)


def test_an_event_older_than_what_is_remembered_sets_no_bit(state):
    assert state.append([view("e1", START - 7 * DAY_S), view("e2", START + 7 * DAY_S), view("e3", -1e9)]) == 3
    for before in (START - 7 * DAY_S, START, START + 7 * DAY_S, -1e9):
        assert state.read(["ann"], np.array([before])).seen.sizes.values.tolist() == []


def test_forgetting_deletes_every_day_that_can_have_been_seen(client, state, clock):
    state.append([view(f"e{day}", START + day * DAY_S) for day in range(-6, 7)])
    clock.now += DAY_S - 1
    assert state.forget("ann") == 13
    keys = UserKeys.of("ann")
    left = {keys.forgotten, keys.log, *keys.ids([DAY])}
    assert set(client.send([("KEYS", "*")])[0]) == {each.encode() for each in left}


def test_the_log_has_every_new_event_whole_and_once(client, state):
    events = [view("e1", START + 1 / 3, item_id="a pen\r\n"), view("e2", -0.5, user_id="ünal\0")]
    state.append([*events, events[0]])
    state.append(events)
    logs = [UserKeys.of(each.user_id).log for each in events]
    entries = [fields for log in client.send([("XRANGE", log, "-", "+") for log in logs]) for _, fields in log]
    read = [{name.decode(): value.decode() for name, value in entry.items()} for entry in entries]
    assert [Event(**{**entry, "at": float(entry["at"])}) for entry in read] == events


def test_a_server_that_never_saw_the_scripts_is_taught_them_within_the_call(client, state):
    client.send([("SCRIPT", "FLUSH")])
    assert state.append([view("e1"), view("e2", user_id="bob"), view("e3", user_id="cem")]) == 3
    client.send([("SCRIPT", "FLUSH")])
    assert state.forget("bob") == 1


def test_an_event_whose_answer_does_not_come_in_time_is_sent_again_and_counts_once(server, client, state):
    hasty = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=1.0)
    in_haste = replace(state, client=hasty)
    in_haste.append([view("e1")])
    client.send([("CLIENT", "PAUSE", 1_400, "WRITE")])
    in_haste.append([view("e2")])
    hasty.close()
    assert client.send([("XLEN", UserKeys.of("ann").log)]) == [2]

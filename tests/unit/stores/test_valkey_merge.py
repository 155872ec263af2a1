"""What a move between shards keeps to when it is cut short, repeated, overtaken, or when memory is out."""

import math
import re
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from tests.unit.stores.valkey_moves import CONFIG, NOW, SESSION, STEPS, CutClient, event, kept, life_s, merges
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.schema.errors import Unavailable
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.memory_state import MemoryState
from winnow.stores.seen_layout import seen_day
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import UserKeys
from winnow.stores.valkey_state import ValkeyState

every_cut = pytest.mark.parametrize(("step", "is_sent"), [(step, sent) for step in range(STEPS) for sent in (0, 1)])
ANN, SOURCE = UserKeys.of("ann"), UserKeys.of(SESSION)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with valkey_server(tmp_path_factory.mktemp("valkey")) as server:
        client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        yield client
        client.close()


@pytest.fixture
def state(client):
    client.send([("FLUSHDB",)])
    return ValkeyState(client, CONFIG, lambda: NOW)


def fill(state):
    """The session has lost events to its room, and has ties with ann."""
    state.append([event(f"a{n}", "ann", f"own {n}", -n) for n in range(2)])
    state.append([event(f"s{n}", SESSION, f"new {n}", -n) for n in range(5)])
    state.append([event("c1", SESSION, "new 0", type="click"), event("s9", SESSION, "old", -86_400.0)])


def cut(state, step, is_sent, target="ann"):
    with pytest.raises(Unavailable):
        replace(state, client=CutClient(state.client, step, is_sent=is_sent)).merge(SESSION, target)


def items(state, who):
    return state.read([who], np.array([math.inf])).events.item_hashes.values.tolist()


def hashes(*item_ids):
    return stable_hashes(item_ids).tolist()


def test_the_two_names_of_these_tests_are_in_different_shards():
    assert ANN.shard != SOURCE.shard


@every_cut
def test_a_merge_that_was_cut_and_comes_again_ends_as_one_that_was_not(client, state, step, is_sent):
    fill(state)
    assert state.merge(SESSION, "ann") == 7
    uncut = kept(client)
    client.send([("FLUSHDB",)])
    fill(state)
    cut(state, step, is_sent)
    state.merge(SESSION, "ann")
    assert kept(client) == uncut
    assert state.merge(SESSION, "ann") == 0
    assert kept(client) == uncut


@every_cut
def test_a_merge_may_be_cut_again_and_again(client, state, step, is_sent):
    fill(state)
    state.merge(SESSION, "ann")
    uncut = kept(client)
    client.send([("FLUSHDB",)])
    fill(state)
    for each in (*range(step), step, step):
        cut(state, each, is_sent=0)
    cut(state, step, is_sent)
    state.merge(SESSION, "ann")
    assert kept(client) == uncut


@every_cut
def test_what_the_session_does_after_a_cut_comes_with_the_next_merge_and_nothing_comes_twice(state, step, is_sent):
    state.append([event("a1", "ann", "lamp", 1.0), event("s1", SESSION, "pen", 2.0)])
    cut(state, step, is_sent)
    state.append([event("s2", SESSION, "cup", 3.0)])
    assert state.merge(SESSION, "ann") == (1 if (step, is_sent) >= (1, 1) else 2)
    assert items(state, "ann") == hashes("lamp", "pen", "cup")
    assert items(state, SESSION) == []
    assert state.forget("ann") == 3


@every_cut
def test_what_was_taken_goes_to_the_target_it_was_taken_for(state, step, is_sent):
    state.append([event("s1", SESSION, "pen")])
    cut(state, step, is_sent, target="ann")
    state.append([event("s2", SESSION, "cup")])
    was_taken = (step, is_sent) >= (0, 1)
    assert state.merge(SESSION, "bob") == (1 if was_taken else 2)
    assert items(state, "ann") == (hashes("pen") if was_taken else [])
    assert items(state, "bob") == (hashes("cup") if was_taken else hashes("pen", "cup"))


@every_cut
@pytest.mark.parametrize("emptied", [ValkeyState.forget, ValkeyState.reset])
def test_what_is_on_its_way_goes_with_what_is_kept(client, state, step, is_sent, emptied):
    state.append([event("s1", SESSION)])
    cut(state, step, is_sent)
    state.append([event("s2", SESSION)])
    assert emptied(state, SESSION) == (1 if (step, is_sent) == (2, 1) else 2)
    assert not [key for key in kept(client) if key.startswith(SOURCE.user) and key != SOURCE.forgotten]
    assert state.merge(SESSION, "ann") == 0


def test_who_comes_late_with_the_same_parcel_adds_nothing_and_releases_nothing_newer(client, state):
    state.append([event("s1", SESSION, "pen")])
    steps = state.merged
    late = steps.take(SESSION, "ann", "one")
    assert steps.take(SESSION, "ann", "two") == late
    assert state.merge(SESSION, "ann") == 1
    state.append([event("s2", SESSION, "cup")])
    newer = steps.take(SESSION, "ann", "three")
    assert steps.absorb(late) == 0
    steps.release(late)
    assert steps.absorb(newer) == 1
    steps.release(newer)
    assert items(state, "ann") == hashes("pen", "cup")
    assert not [key for key in kept(client) if key.startswith(SOURCE.user)]


def test_of_what_was_taken_the_session_says_nothing_and_begins_anew(state):
    state.append([event("s1", SESSION, "pen")])
    state.merged.take(SESSION, "ann", "one")
    assert (items(state, SESSION), items(state, "ann")) == ([], [])
    assert state.append([event("s1", SESSION, "pen"), event("s2", SESSION, "cup")]) == 1
    assert items(state, SESSION) == hashes("cup")


@contextmanager
def out_of_memory(client):
    client.send([("CONFIG", "SET", "maxmemory", "1")])
    try:
        yield
    finally:
        client.send([("CONFIG", "SET", "maxmemory", "0")])


def test_without_memory_a_step_does_nothing_at_all_but_the_last_is_done(client, state):
    fill(state)
    before = kept(client)
    with out_of_memory(client), pytest.raises(Unavailable, match="OutOfMemory"):
        state.merge(SESSION, "ann")
    assert kept(client) == before
    parcel = state.merged.take(SESSION, "ann", "one")
    taken = kept(client)
    with out_of_memory(client), pytest.raises(Unavailable, match="OutOfMemory"):
        state.merged.absorb(parcel)
    assert kept(client) == taken
    assert state.merged.absorb(parcel) == 7
    with out_of_memory(client):
        state.merged.release(parcel)
    assert not [key for key in kept(client) if key.startswith(SOURCE.user)]


def test_a_merge_is_in_the_log_of_its_target_once_and_says_when_it_took(client, state):
    fill(state)
    cut(state, 1, is_sent=1)
    replace(state, clock=lambda: NOW + 60.0).merge(SESSION, "ann")
    entry = {"kind": "merge", "source": SESSION, "target": "ann", "at": repr(NOW)}
    assert list(merges(client, ANN.log)) == [entry]
    assert list(merges(client, SOURCE.log)) == []


@pytest.mark.parametrize("days", [7, 64])
def test_the_mark_outlives_all_that_was_taken_and_the_token_outlives_the_mark(client, state, days):
    config = replace(CONFIG, seen=replace(CONFIG.seen, days=days))
    own = ValkeyState(client, config, lambda: NOW)
    own.append([event("s1", SESSION), event("s2", SESSION, at=(days - 1) * 86_400.0)])
    parcel = own.merged.take(SESSION, "ann", "one")
    aside = [key for key in kept(client) if key.startswith(SOURCE.aside().user)]
    assert len(aside) == 4
    assert life_s(client, SOURCE.moving) >= max(life_s(client, key) for key in aside) > 0
    own.merged.absorb(parcel)
    assert life_s(client, ANN.merged("one")) >= life_s(client, SOURCE.moving) + 48 * 3600


def test_bitmaps_that_move_live_no_longer_than_their_days(client, state):
    fill(state)
    state.merge(SESSION, "ann")
    for ago in (0, 1):
        day = seen_day(NOW) - ago
        assert life_s(client, ANN.seen([day])[0]) == pytest.approx((day + 7) * 86_400 - NOW, abs=60)


@pytest.mark.parametrize(("mine", "other"), [(0, 3), (3, 0), (3, 60), (60, 3), (60, 60)])
def test_bitmaps_of_any_level_become_the_one_that_memory_has(state, mine, other):
    memory = MemoryState(CONFIG, lambda: NOW)
    for each in (state, memory):
        each.append([event(f"a{n}", "ann", f"own {n}") for n in range(mine)])
        each.append([event(f"s{n}", SESSION, f"new {n}") for n in range(other)])
        each.merge(SESSION, "ann")
    one, two = (each.read(["ann"], np.array([math.inf])).seen.bits.values.tobytes() for each in (state, memory))
    assert one.rstrip(b"\0") == two.rstrip(b"\0") != b""


def test_each_call_touches_one_shard_alone(client, state):
    class Watched(CutClient):
        def run(self, script, calls):
            tags.extend({re.match(r"\{s..\}", key)[0] for key in keys} for keys, _ in calls)
            return super().run(script, calls)

    tags = []
    fill(state)
    replace(state, client=Watched(client, 9, is_sent=0)).merge(SESSION, "ann")
    assert [len(each) for each in tags] == [1] * STEPS


def test_names_of_one_shard_move_too(state):
    twin = next(f"session:{n}" for n in count() if UserKeys.of(f"session:{n}").shard == ANN.shard)
    state.append([event("a1", "ann", "pen"), event("s1", twin, "cup")])
    assert state.merge(twin, "ann") == 1
    assert items(state, "ann") == hashes("pen", "cup")

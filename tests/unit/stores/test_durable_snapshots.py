"""A store that is cut short and opened again, with snapshots, is one that never was."""

import errno
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.schema.errors import DataError, Unavailable
from winnow.stores import memory_snapshot, snapshot_due
from winnow.stores.counted_types import counted_types
from winnow.stores.durable_state import DurableState
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.settled_marks import SettledMarks
from winnow.stores.state_config import StateConfig

DAY_S, HOUR_S = 86_400.0, 3600.0
NOON = 20_000.5 * DAY_S
CONFIG = StateConfig(length=2, counted=counted_types(["click"]))
COUNTED = counted_types(["click", "view"])
USERS = ["ann", "bob", "session:7"]


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


def click(name, user="ann", at=NOON, item="pen", type="click"):
    return Event(event_id=name, user_id=user, item_id=item, type=type, at=at)


def known(store, now):
    state = store.read(USERS, np.full(len(USERS), np.inf))
    columns = (state.events.item_hashes, state.events.types, state.events.at, state.seen.sizes, state.seen.bits)
    demand = sorted(zip(*(each.tolist() for each in store.demand(COUNTED, now)), strict=True))
    return [(each.values.tolist(), each.offsets.tolist()) for each in columns], state.forgotten.tolist(), demand


names = st.sampled_from(USERS)
steps = st.one_of(
    st.tuples(
        st.just("append"),
        st.lists(st.tuples(st.integers(0, 12), names, st.integers(-9, 1), st.sampled_from(["click", "view"]))),
    ),
    st.tuples(st.just("merge"), names, names),
    st.tuples(st.just("forget"), names),
    st.tuples(st.just("reset"), names),
    st.tuples(st.just("close_past"), names),
    st.tuples(st.just("wait"), st.floats(0.0, 3.0)),
    st.tuples(st.just("snapshot")),
    st.tuples(st.just("open again"), st.booleans()),
    st.tuples(st.just("all settled")),
)


@settings(max_examples=40)
@given(drawn=st.lists(steps, max_size=25))
def test_snapshots_and_ends_change_nothing_of_what_a_store_knows_and_answers(drawn):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory_snapshot, "USERS_A_FILE", 2)
        patch.setattr(memory_snapshot, "IDS_A_FILE", 2)
        clock = Clock()
        store, memory = DurableState.open(Path(folder), CONFIG, clock), MemoryState(CONFIG, clock)
        try:
            for step, *values in drawn:
                match step:
                    case "append":
                        events = [
                            click(f"e{n}", user, clock.now + days * DAY_S, f"item {n % 3}", type)
                            for n, user, days, type in values[0]
                        ]
                        assert store.append(events) == memory.append(events)
                    case "merge" | "forget" | "reset" | "close_past":
                        assert getattr(store, step)(*values) == getattr(memory, step)(*values)
                    case "wait":
                        clock.now += values[0] * DAY_S
                    case "snapshot":
                        store.snapshot()
                    case "open again":
                        if values[0]:
                            store.snapshot()
                        store.close()
                        store = DurableState.open(Path(folder), CONFIG, clock)
                    case _:
                        SettledMarks(journal=Path(folder)).keep("log", 1_000)
                assert known(store, clock.now) == known(memory, clock.now)
        finally:
            store.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    made = DurableState.open(tmp_path, CONFIG, clock)
    yield made
    made.close()


def test_a_snapshot_is_due_a_day_after_the_first_event_came(store, clock):
    assert not store.is_snapshot_due()
    store.append([click("e1")])
    clock.now += DAY_S - 1
    store.append([click("e2")])
    assert not store.is_snapshot_due()
    clock.now += 1
    assert store.is_snapshot_due()
    store.snapshot()
    clock.now += 9 * DAY_S
    assert not store.is_snapshot_due()


def test_a_snapshot_is_due_within_the_hour_after_somebody_asked_to_be_forgotten(store, clock, tmp_path):
    store.append([click("e1"), click("e2", "bob")])
    store.forget("ann")
    assert not store.is_snapshot_due()
    clock.now += HOUR_S / 2
    store.close()
    again = DurableState.open(tmp_path, CONFIG, clock)
    assert again.is_snapshot_due(), "also in the next process"
    again.snapshot()
    assert not again.is_snapshot_due()
    again.close()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("events-*.log"))
    assert b"e2" in left
    assert b"e1" not in left
    assert left.count(b'"ann"') == 1, "the line that says so"


def test_a_snapshot_is_due_when_the_journal_is_long_and_longer_than_the_last_one(store, monkeypatch):
    monkeypatch.setattr(snapshot_due, "LEAST_BYTES", 500)
    store.append([click(f"e{n}", f"user {n}") for n in range(20)])
    assert store.is_snapshot_due()
    store.snapshot()
    size = sum(path.stat().st_size for path in store._journal.snapshot_path.iterdir())
    number, written = 100, 0
    while written < size:
        assert not store.is_snapshot_due()
        store.append([click(f"e{number + n}", f"user {n}") for n in range(20)])
        number, written = number + 20, store._journal.size
    assert store.is_snapshot_due()


def test_where_the_disk_is_full_nothing_is_lost_and_it_is_still_due(store, clock, monkeypatch, tmp_path):
    store.append([click("e1")])
    clock.now += DAY_S

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left"):
            store.snapshot()
    assert store.is_snapshot_due()
    with monkeypatch.context() as broken:
        broken.setattr(np, "savez", lambda *_, **__: full(0))
        with pytest.raises(Unavailable, match=r"The snapshot .*snapshot-000001 cannot be written: No space left"):
            store.snapshot()
    assert store.is_snapshot_due()
    assert store.append([click("e1"), click("e2")]) == 1
    store.snapshot()
    assert not store.is_snapshot_due()


def test_a_damaged_snapshot_stops_the_start_and_moved_away_the_segments_tell_it_all(store, clock, tmp_path):
    store.append([click("e1"), click("e2", "bob")])
    store.snapshot()
    store.append([click("e3")])
    wanted = known(store, NOON)
    store.close()
    (snapshot,) = tmp_path.glob("snapshot-*")
    (snapshot / "card.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"snapshot-000001 is damaged .* move it out of its folder"):
        DurableState.open(tmp_path, CONFIG, clock)
    snapshot.rename(tmp_path.parent / f"{tmp_path.name} moved away")
    again = DurableState.open(tmp_path, CONFIG, clock)
    assert known(again, NOON) == wanted
    again.close()

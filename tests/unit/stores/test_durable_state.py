"""A store that is opened again knows what it knew."""

import numpy as np
import pytest

from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores.counted_types import counted_types
from winnow.stores.durable_state import KEEP_S, DurableState
from winnow.stores.event import Event
from winnow.stores.event_journal import EventJournal
from winnow.stores.state_config import StateConfig

CONFIG = StateConfig(length=5, counted=counted_types(["click"]))
NOW = 1_800_000_000.0
CLICKS = counted_types(["click"])


class Clock:
    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


def click(name, item="pen", at=NOW - 60, user="ann"):
    return Event(event_id=name, user_id=user, item_id=item, type="click", at=at)


def known(store, user="ann"):
    state = store.read([user], np.array([np.inf]))
    return state.events.at.row(0).tolist(), state.seen.bits.row(0).tolist(), bool(state.forgotten[0])


def reopened(store, folder, clock=None):
    store.close()
    return DurableState.open(folder, CONFIG, clock or Clock())


def test_what_was_stored_is_there_when_it_is_opened_again(tmp_path):
    store = DurableState.open(tmp_path, CONFIG, Clock())
    assert store.append([click(f"e{n}", f"item {n}", NOW - n) for n in range(9)]) == 9
    assert store.append([click("bob's", user="bob")]) == 1
    before, demand = (known(store), known(store, "bob")), store.demand(CLICKS, NOW)
    store = reopened(store, tmp_path)
    assert (known(store), known(store, "bob")) == before
    assert sorted(store.demand(CLICKS, NOW)[1]) == sorted(demand[1])
    store.close()


def test_an_event_that_comes_again_after_the_start_counts_once(tmp_path):
    store = DurableState.open(tmp_path, CONFIG, Clock())
    assert store.append([click("e1"), click("e1"), click("e2")]) == 2
    store = reopened(store, tmp_path)
    assert store.append([click("e2"), click("e3")]) == 1
    store = reopened(store, tmp_path, Clock(NOW + 49 * 3600))
    assert store.append([click("e1"), click("e3")]) == 2, "after 48 hours an id is new again"
    store = reopened(store, tmp_path, Clock(NOW + 49 * 3600))
    assert len(known(store)[0]) == 5
    store.close()


def test_who_was_forgotten_stays_forgotten_and_begins_anew(tmp_path):
    store = DurableState.open(tmp_path, CONFIG, Clock())
    store.append([click("e1"), click("e2")])
    assert store.forget("ann") == 2
    store.append([click("e3", at=NOW - 5)])
    store = reopened(store, tmp_path)
    times, _, is_forgotten = known(store)
    assert (times, is_forgotten) == ([NOW - 5], True)
    store.close()


def test_a_login_and_a_reset_are_made_again(tmp_path):
    store = DurableState.open(tmp_path, CONFIG, Clock())
    store.append([click("s1", user="session:7"), click("b1", user="bob")])
    assert store.merge("session:7", "ann") == 1
    assert store.reset("bob") == 1
    store.append([click("s2", at=NOW - 3, user="session:7")])
    before = [known(store, user) for user in ("ann", "bob", "session:7")]
    store = reopened(store, tmp_path)
    assert [known(store, user) for user in ("ann", "bob", "session:7")] == before
    assert store.merge("session:7", "ann") == 1
    store.close()


def test_what_cannot_be_written_is_not_remembered(tmp_path, monkeypatch):
    store = DurableState.open(tmp_path, CONFIG, Clock())

    def full(self, operation):
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(EventJournal, "append", full)
        with pytest.raises(Unavailable):
            store.append([click("e1")])
        with pytest.raises(Unavailable):
            store.forget("ann")
    assert known(store) == ([], [], False)
    assert store.append([click("e1")]) == 1
    store.close()


def test_a_folder_has_one_process(tmp_path):
    store = DurableState.open(tmp_path, CONFIG)
    with pytest.raises(SettingsError, match="another"):
        DurableState.open(tmp_path, CONFIG)
    store.close()
    DurableState.open(tmp_path, CONFIG).close()


def test_old_events_are_not_read_back(tmp_path):
    store = DurableState.open(tmp_path, CONFIG, Clock())
    store.append([click("e1")])
    store = reopened(store, tmp_path, Clock(NOW + KEEP_S))
    assert known(store) == ([], [], False)
    store.close()

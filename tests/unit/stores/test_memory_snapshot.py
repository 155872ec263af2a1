import threading

import numpy as np
import pytest

from winnow.schema.errors import DataError
from winnow.stores import memory_snapshot
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import KEEP_DAYS, MemoryState
from winnow.stores.seen_layout import SeenConfig
from winnow.stores.state_config import StateConfig

DAY_S = 86_400.0
NOON = 20_000.5 * DAY_S
CONFIG = StateConfig(length=4, counted=counted_types(["click"]))
CLICKS = counted_types(["click"])
USERS = ["ann", "bob", "ünal\0", "nobody"]


@pytest.fixture(autouse=True)
def _small_files(monkeypatch):
    monkeypatch.setattr(memory_snapshot, "USERS_A_FILE", 2)
    monkeypatch.setattr(memory_snapshot, "IDS_A_FILE", 3)


def click(name, item="pen", at=NOON - 60, user="ann", type="click"):
    return Event(event_id=name, user_id=user, item_id=item, type=type, at=at)


def filled(config=CONFIG, clock=lambda: NOON):
    store = MemoryState(config, clock)
    store.append([click(f"a{n}", f"item {n}", NOON - n * DAY_S) for n in range(6)])
    store.append([click("b", user="bob", type="view"), click("u", "cup", user="ünal\0")])
    store.append([click("f", user="forgotten")])
    store.forget("forgotten")
    return store


def known(store):
    """All that a store tells."""
    state = store.read([*USERS, "forgotten"], np.full(len(USERS) + 1, np.inf))
    columns = (state.events.item_hashes, state.events.types, state.events.at, state.seen.bits, state.seen.sizes)
    demand = sorted(zip(*(each.tolist() for each in store.demand(CLICKS, NOON)), strict=True))
    return [(each.values.tolist(), each.offsets.tolist()) for each in columns], state.forgotten.tolist(), demand


def saved(store, folder):
    store.frozen().save(folder)
    return folder


def test_what_was_saved_is_all_there_and_files_are_free_of_pickle(tmp_path):
    store = filled()
    folder = saved(store, tmp_path / "snapshot")
    again = MemoryState.load(folder, CONFIG, lambda: NOON)
    assert known(again) == known(store)
    assert again.append([click("a1"), click("f"), click("new")]) == 1
    assert [again.forget(user) for user in USERS] == [7, 1, 1, 0]
    for each in folder.iterdir():
        with np.load(each, allow_pickle=False) as content:
            assert all(content[name].dtype != object for name in content)
    assert len(list(folder.iterdir())) == 1 + 2 + 3


def test_nothing_is_saved_and_read_too(tmp_path):
    again = MemoryState.load(saved(MemoryState(CONFIG), tmp_path / "snapshot"), CONFIG, lambda: NOON)
    assert known(again) == known(MemoryState(CONFIG, lambda: NOON))


def test_what_is_frozen_stays_whatever_becomes_of_the_state(tmp_path):
    store = filled()
    wanted, frozen = known(store), store.frozen()
    store.append([click(f"later {n}", f"other {n}", user=user) for n, user in enumerate([*USERS, "new"])])
    store.merge("bob", "ann")
    store.reset("ünal\0")
    store.forget("nobody")
    frozen.save(tmp_path / "snapshot")
    assert known(MemoryState.load(tmp_path / "snapshot", CONFIG, lambda: NOON)) == wanted


def test_a_state_that_is_written_to_while_it_is_saved_is_saved_as_it_was(tmp_path):
    store = filled()
    store.append([click(f"c{n}", f"item {n % 9}", user=f"user {n % 50}") for n in range(1_000)])

    def write():
        for number in range(300):
            store.append([click(f"later {number}", f"other {number % 9}", user=f"user {number % 50}")])

    writer = threading.Thread(target=write)
    wanted, frozen = known(store), store.frozen()
    users = {name: (list(user.at), user.seen.by_day()) for name, user in frozen.users.items()}
    writer.start()
    frozen.save(tmp_path / "snapshot")
    writer.join()
    again = MemoryState.load(tmp_path / "snapshot", CONFIG, lambda: NOON)
    assert known(again) == wanted
    assert {name: (list(user.at), user.seen.by_day()) for name, user in again.frozen().users.items()} == users


def test_a_byte_that_is_damaged_anywhere_is_told_or_changes_nothing(tmp_path):
    wanted, folder = known(filled()), saved(filled(), tmp_path / "snapshot")
    found = []
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for place in range(0, len(whole), 149):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
            found.append(known_or_told(folder))
        path.write_bytes(whole)
    told = [each for each in found if each != wanted]
    start, end = f"The snapshot {folder} is damaged (", "). Restore it from a copy; or move it out of its folder, and"
    assert all(each.startswith(start) and end in each for each in told)
    assert len(told) > 30


def known_or_told(folder):
    try:
        return known(MemoryState.load(folder, CONFIG, lambda: NOON))
    except DataError as error:
        return str(error)


@pytest.mark.parametrize("how", ["cut off", "missing", "empty"])
def test_a_file_that_is_not_whole_is_told(tmp_path, how):
    folder = saved(filled(), tmp_path / "snapshot")
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        path.unlink() if how == "missing" else path.write_bytes(whole[: -9 if how == "cut off" else 0])
        with pytest.raises(DataError, match="is damaged"):
            MemoryState.load(folder, CONFIG)
        path.write_bytes(whole)


def test_a_snapshot_of_a_newer_program_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_snapshot, "FORMAT", 2)
    folder = saved(filled(), tmp_path / "snapshot")
    monkeypatch.undo()
    with pytest.raises(DataError, match="has the format 2, and this program reads format 1"):
        MemoryState.load(folder, CONFIG)


def test_a_bundle_that_keeps_less_finds_less(tmp_path):
    folder = saved(filled(), tmp_path / "snapshot")
    small = MemoryState.load(folder, StateConfig(length=2, counted=CONFIG.counted), lambda: NOON)
    state = small.read(["ann"], np.array([np.inf]))
    assert state.events.at.values.tolist() == [NOON - DAY_S, NOON]
    assert state.seen.bits.values.tolist() == filled().read(["ann"], np.array([np.inf])).seen.bits.values.tolist()


@pytest.mark.parametrize(
    "other",
    [
        StateConfig(length=4, counted=counted_types(["view"])),
        StateConfig(length=4, counted=CONFIG.counted, seen=SeenConfig(items_a_day=20)),
    ],
)
def test_under_another_rule_what_was_seen_is_known_of_the_events_that_are_known(tmp_path, other):
    folder = saved(filled(), tmp_path / "snapshot")
    wanted = MemoryState(other, lambda: NOON)
    wanted.append([click(f"a{n}", f"item {n}", NOON - n * DAY_S) for n in reversed(range(4))])
    wanted.append([click("b", user="bob", type="view")])
    again = MemoryState.load(folder, other, lambda: NOON)
    for user in ("ann", "bob"):
        states = [store.read([user], np.array([np.inf])) for store in (again, wanted)]
        assert states[0].seen.bits.values.tolist() == states[1].seen.bits.values.tolist()


def test_who_was_not_there_for_long_is_left_out(tmp_path):
    now = [NOON]
    store = filled(clock=lambda: now[0])
    now[0] += (KEEP_DAYS + 1) * DAY_S
    store.append([click("new", user="bob")])
    again = MemoryState.load(saved(store, tmp_path / "snapshot"), CONFIG, lambda: now[0])
    assert list(again.frozen().users) == ["bob"]
    assert known(again) == known(store)

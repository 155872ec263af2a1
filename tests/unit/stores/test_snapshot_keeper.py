import threading

import pytest

from winnow.schema.errors import Unavailable
from winnow.stores import snapshot_keeper
from winnow.stores.snapshot_keeper import SnapshotKeeper


class Store:
    """Says what it was asked for; a snapshot is due as long as some are wanted."""

    def __init__(self, wanted=0, fails=0):
        self.wanted, self.fails, self.calls = wanted, fails, []
        self.is_done = threading.Event()

    def tidy(self):
        self.calls.append("tidy")

    def is_snapshot_due(self):
        if not self.wanted:
            self.is_done.set()
        return self.wanted > 0

    def snapshot(self):
        self.calls.append("snapshot")
        if self.fails:
            self.fails -= 1
            raise Unavailable("The disk is full.")
        self.wanted -= 1

    def close(self):
        self.calls.append("close")


def test_it_tidies_up_first_takes_snapshots_when_they_are_due_and_a_last_one_at_the_end():
    store = Store(wanted=2)
    keeper = SnapshotKeeper(store, pause_s=0.0)
    store.is_done.wait()
    keeper.close()
    assert store.calls == ["tidy", "snapshot", "snapshot", "snapshot", "close"]


def test_it_goes_on_after_a_full_disk_and_says_so(monkeypatch, caplog):
    monkeypatch.setattr(snapshot_keeper, "RETRY_S", 0.0)
    store = Store(wanted=1, fails=2)
    keeper = SnapshotKeeper(store, pause_s=0.0)
    store.is_done.wait()
    assert store.calls == ["tidy", *["snapshot"] * 3]
    store.fails = 1
    keeper.close()
    assert store.calls[-2:] == ["snapshot", "close"]
    assert caplog.text.count("The disk is full. Nothing is lost: the journal has all of it.") == 3


def test_it_ends_at_once_however_long_its_pause_is():
    store = Store()
    SnapshotKeeper(store, pause_s=threading.TIMEOUT_MAX).close()
    assert store.calls == ["tidy", "snapshot", "close"]


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    yield
    assert not [each for each in threading.enumerate() if each.name == "snapshots"]

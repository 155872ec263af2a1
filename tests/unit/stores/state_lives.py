"""Lives of one store after the other, each of which takes snapshots all the time until it is killed; see the test.

    python -m tests.unit.stores.state_lives FOLDER

It is told a seed for each life, forks, and says the pid; the life says how many events there are.
"""

import os
import sys
from pathlib import Path

import numpy as np

from tests.unit.stores.journal_day import NOON
from winnow.stores import event_journal, memory_snapshot, snapshot_due
from winnow.stores.counted_types import counted_types
from winnow.stores.durable_state import DurableState
from winnow.stores.event import Event
from winnow.stores.snapshot_keeper import SnapshotKeeper
from winnow.stores.state_config import StateConfig

CONFIG = StateConfig(length=5, counted=counted_types(["view"]))
BATCHES = (1, 1, 2, 10, 100)
USERS = 50


def opened(folder):
    return DurableState.open(folder, CONFIG, lambda: NOON)


def numbers_known(store):
    """Of the events whose ids a store knows, and how many events its users have."""
    frozen = store._memory.frozen()
    return [int(event_id) for event_id, _ in frozen.arrived], sum(user.count for user in frozen.users.values())


def live(folder, seed):
    chance, store = np.random.default_rng(seed), opened(folder)
    take = store.snapshot
    store.snapshot = lambda: (say("0 snapshot"), take())
    SnapshotKeeper(store, pause_s=0.001)
    count = len(numbers_known(store)[0])
    say(f"{count} known")
    while True:
        new = range(count, count + int(chance.choice(BATCHES)))
        say(f"{new.stop} begun")
        events = [Event(event_id=str(n), user_id=f"u{n % USERS}", item_id="pen", type="view", at=NOON) for n in new]
        store.append(events)
        count = new.stop
        say(f"{count} acknowledged")
        if chance.random() < 0.1:
            store.merge(f"u{chance.integers(USERS)}", f"u{chance.integers(USERS)}")
        if store.read(["u0"], np.array([np.inf])).forgotten[0]:
            raise ValueError("Nobody was forgotten.")


def say(words):
    os.write(1, f"{words}\n".encode())


def main():
    event_journal.SEGMENT_BYTES = 20_000
    snapshot_due.LEAST_BYTES = 5_000
    memory_snapshot.USERS_A_FILE, memory_snapshot.IDS_A_FILE = 20, 2_000
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            live(Path(sys.argv[1]), int(line))
        say(f"{pid} pid")
        _, status = os.waitpid(pid, 0)
        say(f"{status} ended")


if __name__ == "__main__":
    main()

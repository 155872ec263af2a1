"""Lives of one process after the other, each of which appends events until it is killed; see the test of kills.

    python -m tests.unit.stores.journal_lives FOLDER

It is told `SEED SYNC` for each life, forks, and says the pid; the life says how many events there are.
"""

import os
import sys
from pathlib import Path

import numpy as np

from tests.unit.stores.journal_shop import JournalShop
from winnow.stores import event_journal

BATCHES = (1, 1, 1, 2, 10, 100, 3000)


def live(folder, seed, sync):
    chance = np.random.default_rng(seed)
    shop = JournalShop.open(folder, sync)
    say(f"{len(shop.known)} known")
    while True:
        count = int(chance.choice(BATCHES))
        say(f"{len(shop.known) + count} begun")
        shop.append(count)
        say(f"{len(shop.known)} acknowledged")
        if chance.random() < 0.1:
            shop.snapshot(as_folder=chance.random() < 0.5)


def say(words):
    os.write(1, f"{words}\n".encode())


def main():
    event_journal.SEGMENT_BYTES = 100_000
    for line in sys.stdin:
        seed, sync = line.split()
        pid = os.fork()
        if not pid:
            live(Path(sys.argv[1]), int(seed), sync)
        say(f"{pid} pid")
        _, status = os.waitpid(pid, 0)
        say(f"{status} ended")


if __name__ == "__main__":
    main()

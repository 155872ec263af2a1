"""A store is killed while it takes snapshots, again and again, and what it acknowledged is known, and logged, once."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from tests.logged_events import ids_of, nobody
from tests.unit.stores.state_lives import numbers_known, opened
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.stores.journal_log import JournalLog

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture
def lives(tmp_path):
    command = [sys.executable, "-m", "tests.unit.stores.state_lives", str(tmp_path / "state")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={**os.environ, **ONE_THREAD}
    ) as process:
        yield process
        process.stdin.close()


def lived(process, seed, word_before, wait_s):
    """The last number of each kind that a life said; it is killed some seconds after it said a word."""
    process.stdin.write(f"{seed}\n")
    said = {}
    for line in process.stdout:
        number, word = line.split()
        is_first = word not in said
        said[word] = int(number)
        if is_first and word in {"pid", word_before} and {"pid", word_before} <= said.keys():
            threading.Timer(wait_s, os.kill, (said["pid"], signal.SIGKILL)).start()
        if word == "ended":
            return said
    raise AssertionError("The process ended by itself; it wrote to stderr why.")


def logged(tmp_path):
    """Writes what the log does not have yet."""
    with EventFolder.opened(tmp_path / "log", nobody) as log:
        source = JournalLog(journal=tmp_path / "state", settled=log.path / "_journal.json", reader=log.name)
        EventWorker(source=source, folder=log).run_once()


@pytest.mark.parametrize("count", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_killed_during_snapshots_all_that_was_acknowledged_is_there_once(tmp_path, lives, count):
    chance, known = np.random.default_rng(0), 0
    for life in range(count):
        killed = [("snapshot", chance.uniform(0.0, 0.05)), ("begun", chance.uniform(0.0, 0.2))][life % 3 == 2]
        said = lived(lives, life, *killed)
        assert said["ended"] == signal.SIGKILL
        store = opened(tmp_path / "state")
        numbers, of_users = numbers_known(store)
        store.close()
        assert numbers == list(range(of_users))
        assert said.get("known", known) == known
        known = of_users
        assert known in {said.get("acknowledged", known), said.get("begun", known)}
        if life % 2:
            logged(tmp_path)
    logged(tmp_path)
    assert ids_of(tmp_path / "log") == {str(number): 1 for number in range(known)}
    store = opened(tmp_path / "state")
    store.snapshot()
    store.close()
    assert not (tmp_path / "state" / "events-000001.log").exists()

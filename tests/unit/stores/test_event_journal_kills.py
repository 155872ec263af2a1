import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from tests.unit.stores.journal_shop import known_to

LIVES = 40
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture
def lives(tmp_path):
    command = [sys.executable, "-m", "tests.unit.stores.journal_lives", str(tmp_path / "state")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={**os.environ, **ONE_THREAD}
    ) as process:
        yield process
        process.stdin.close()


def lived(process, seed, sync, killed):
    """The last number of each kind that a life said; it is killed some seconds after it said a word."""
    word_before, wait_s = killed
    process.stdin.write(f"{seed} {sync}\n")
    said = {}
    for line in process.stdout:
        number, word = line.split()
        is_first = word not in said
        said[word] = int(number)
        if is_first and word_before in said and "pid" in said and word in {"pid", word_before}:
            threading.Timer(wait_s, os.kill, (said["pid"], signal.SIGKILL)).start()
        if word == "ended":
            return said
    raise AssertionError("The process ended by itself; it wrote to stderr why.")


def test_killed_again_and_again_all_that_was_acknowledged_is_there_once_and_nothing_else(tmp_path, lives):
    chance, known = np.random.default_rng(0), 0
    for life in range(LIVES):
        sync = chance.choice(["write", "write", "fsync"])
        killed = [("known", chance.uniform(0.0, 0.08)), ("pid", chance.uniform(0.0, 0.03))][life % 4 == 3]
        said = lived(lives, life, sync, killed)
        found = known_to(tmp_path / "state")
        assert said["ended"] == signal.SIGKILL
        assert found == list(range(len(found)))
        assert said.get("known", known) == known
        acknowledged = said.get("acknowledged", known)
        known = len(found)
        assert known in {acknowledged, said.get("begun", acknowledged)}
    assert known

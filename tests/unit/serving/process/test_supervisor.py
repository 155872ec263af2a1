"""A supervisor with workers that do nothing but take their seats."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.serving.live_service import wait_for

ROOT = Path(__file__).parents[4]
START_S = 60.0

SUPERVISOR = """
import sys
from winnow.serving.process import supervisor
from winnow.serving.settings.settings import Settings

supervisor.FIRST_WAIT_S, supervisor.MOST_FAILURES = 0.001, 2
settings = Settings(port=0, workers=2, valkey_url="valkey://nowhere")
told = lambda sentence: print(sentence, flush=True)
sys.exit(supervisor.supervise([sys.executable, "-c", *sys.argv[1:]], settings, told))
"""
WORKER = """
import json, os, signal, sys, time
from pathlib import Path
from winnow.serving.settings.settings import read_settings

settings = read_settings()
told = [settings.seat.name, settings.cursor_secret.decode(), settings.seat.port, str(settings.seat.metrics)]
(Path(sys.argv[1]) / str(os.getpid())).write_text(json.dumps(told))
settings.seat.take("It is ready.")
signal.pause()
"""
DEAD = "raise SystemExit('It has no bundle.')"
SHORT_LIVED = WORKER.replace("signal.pause()", "time.sleep(0.01)")


@contextmanager
def supervised(worker: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SUPERVISOR, worker, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def told(folder: Path) -> dict[int, list]:
    """What each worker that ever lived was told, by process id."""
    return {int(path.name): json.loads(path.read_text()) for path in folder.iterdir() if path.stat().st_size}


def lives(worker: int) -> bool:
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{worker}/status").read_text()


def test_all_share_a_port_and_a_secret_and_a_dead_one_is_replaced_until_all_are_told_to_stop(tmp_path):
    with supervised(WORKER, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "It is ready.\n"
        first = told(tmp_path)
        names, *common = zip(*first.values(), strict=True)
        assert len({*names}) == 2
        assert [len({*each}) for each in common] == [1, 1, 1]
        assert len(common[0][0]) == 64
        victim = next(iter(first))
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(told(tmp_path)) == 3, START_S)
        last = told(tmp_path)
        (new,) = last.keys() - first.keys()
        assert last[new] == first[victim]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == signal.SIGTERM
        assert not any(map(lives, last))
        assert not Path(common[2][0]).exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_supervisor_however_that_ends(tmp_path, sign):
    with supervised(WORKER, tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(sign)
        wait_for(lambda: not any(map(lives, told(tmp_path))), START_S)


@pytest.mark.parametrize(
    ("worker", "sentence"),
    [
        (DEAD, r"A worker cannot be started: it ended with code 1, and has said why above\."),
        # While the other one is ready, none gives up, however many in its place have ended.
        (SHORT_LIVED, r"No worker is left, and [2-9] in a row ended before long, the last one with code 0;"),
    ],
)
def test_a_supervisor_gives_up_with_a_sentence_where_nobody_can_work(tmp_path, worker, sentence):
    with supervised(worker, tmp_path) as process:
        _, error = process.communicate(timeout=START_S)
        assert process.returncode == 1
        assert re.search(sentence, error)
        assert ("It has no bundle." in error) is (worker == DEAD)
        assert not any(map(lives, told(tmp_path)))

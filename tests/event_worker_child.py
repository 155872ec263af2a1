"""Event workers that are killed: a process with all modules loaded, which forks one for each line that it is given.

A line is JSON: settings, and perhaps `die_at`, the call of a function that does something lasting before which the
worker kills itself. The process answers with the child's id, and after its end with a line `ended CODE`.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from winnow.serving.event_log import event_folder, forget_logged, part_file
from winnow.serving.process import run_worker
from winnow.serving.settings.settings import Settings
from winnow.stores import journal_log, synced_folder, valkey_client, valkey_demand, valkey_log

ROOT = Path(__file__).resolve().parents[1]
MODULES = (event_folder, forget_logged, part_file, journal_log)


class Nursery:
    """Starts workers quickly, one at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.event_worker_child"]
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONPATH": paths}
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment)

    def start(self, **told: object) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(told, default=str) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def code(self) -> int:
        """How the last worker ended: an exit code, or minus the signal."""
        assert self._process.stdout
        return int(self._process.stdout.readline().split()[1])

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@contextmanager
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    try:
        yield made
    finally:
        made.close()


def main() -> None:
    # What Arrow loads when it is used first takes longer than most workers here live.
    part_file.content_of(pa.table({"word": ["one"]}))
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if not child:
            work(**told)
        say(f"{child}")
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def work(*, events: str, url: str = "", state: str | None = None, once: bool = False, die_at: int = 0) -> None:
    if die_at:
        die_before(die_at)
    settings = Settings(
        valkey_url=url, events=Path(events), state=None if state is None else Path(state), log_level="error"
    )
    code = 1
    try:
        run_worker.run_worker(settings, run_worker.WorkerOptions(flush_s=0.02, once=once), lambda _: None)
        code = 0
    finally:
        os._exit(code)


def die_before(number: int) -> None:
    """Before the n-th of all calls that leave something behind."""
    left = iter(range(number - 1, -1, -1))

    def deadly(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return call

    for owner, name in ((Path, "replace"), (Path, "write_bytes"), (Path, "unlink"), (Path, "mkdir")):
        setattr(owner, name, deadly(getattr(owner, name)))
    sync = deadly(synced_folder.sync_folder)
    for module in MODULES:
        if hasattr(module, "sync_folder"):
            module.sync_folder = sync
    for name in ("send", "run"):
        setattr(valkey_client.ValkeyClient, name, deadly(getattr(valkey_client.ValkeyClient, name)))
    valkey_log.ENTRIES_A_STREAM = 7
    valkey_demand.EVENTS_A_CALL = 5


if __name__ == "__main__":
    main()

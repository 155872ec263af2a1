"""A file that one process at a time holds."""

import fcntl
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

PAUSE_S = 0.2


@contextmanager
def folder_lock(path: Path, wait: Callable[[], None] | None = None) -> Generator[None]:
    """Held until the end of the block, or of the process, however it ends.

    Args:
        path: of the file; its folder exists.
        wait: told once if somebody else holds it.
    """
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if wait is not None:
                wait()
            _await(file.fileno())
        yield


def _await(handle: int) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_S)  # not in the kernel: a signal is answered at once
        else:
            return

"""A real server of shared state for a test, where one is installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.valkey_server import PROGRAMS, ValkeyServer, found_program, running
from tests.missing import missing

PATIENT_S = 10.0
"""Timeout of clients in tests of something else than timeouts: several people share a machine."""


def needed_program() -> str:
    """The path of a server; without one the test is skipped, but fails where CI runs."""
    found = found_program()
    if found is None:
        missing(f"Needs a real server: neither {' nor '.join(PROGRAMS)} is on the PATH; `make server` installs one.")
    return found


@contextmanager
def valkey_server(folder: Path, **options: str) -> Iterator[ValkeyServer]:
    """A server that answers until the end of the block."""
    with running(ValkeyServer(needed_program(), folder, **options)) as server:
        yield server

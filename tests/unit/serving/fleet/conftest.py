"""A real server, empty for each test."""

from collections.abc import Iterator

import pytest

from benchmarks.valkey_server import ValkeyServer
from tests.unit.serving.fleet.fleets import sent
from tests.valkey_server import valkey_server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with valkey_server(tmp_path_factory.mktemp("server"), appendonly="yes", appendfsync="always") as server:
        yield server


@pytest.fixture
def server(running: ValkeyServer) -> ValkeyServer:
    sent(running, ("FLUSHALL",))
    return running

"""One engine over the trained bundle for each file, and a service of it with a client."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from benchmarks.valkey_server import ValkeyServer
from tests.served_registry import DAMAGED, FIRST, SECOND, TWIN
from tests.served_workers import KEY, EveryWorker, ServedWorkers, served
from tests.unit.bundle.small_bundle import forge
from tests.unit.serving.live_service import live_service
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.api.client import Client
from winnow.bundle.registry import Registry
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture(scope="session")
def state_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    """That of `two_workers`. Whoever kills it starts it again; it has everything then."""
    with valkey_server(tmp_path_factory.mktemp("server"), appendonly="yes", appendfsync="always") as server:
        yield server


@pytest.fixture(scope="session")
def small_registry(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Of `two_workers`: the bundle, which serves, the same under two other names, and a damaged one."""
    folder = tmp_path_factory.mktemp("registry")
    for name in (FIRST, TWIN, SECOND, DAMAGED):
        shutil.copytree(bundle, folder / name)
    for name in (TWIN, SECOND):
        forge(folder / name, name=f"bundle-of-{name}")
    (folder / DAMAGED / "recipe.json").write_text("{}")
    Registry(folder).promote(FIRST)
    return Registry(folder)


@pytest.fixture(scope="session")
def two_workers(small_registry: Registry, state_server: ValkeyServer) -> Iterator[ServedWorkers]:
    """A service for all tests of a process, for it takes seconds to start: each names users and items of its own."""
    patient = f"{state_server.url}?socket_timeout={PATIENT_S}&socket_connect_timeout={PATIENT_S}"
    with served(small_registry.folder, 2, WINNOW_VALKEY_URL=patient) as service:
        yield service


@pytest.fixture(scope="module", params=["one worker", "two workers on a server"])
def client(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Client]:
    """Of a service in this process, whose state is in it; and of two processes that share a server, by turns."""
    if request.param == "one worker":
        with live_service(engine, Settings(port=0, key_hashes=hashed_keys([KEY]))) as (host, port):
            client = Client(f"http://{host}:{port}", KEY)
            yield client
            client.close()
        return
    with request.getfixturevalue("two_workers").clients() as clients:
        yield cast("Client", EveryWorker(clients))

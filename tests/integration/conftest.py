"""One engine over the trained bundle for each file, and a service of it with a client."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.serving.live_service import live_service
from winnow.api.client import Client
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.serving.known_key import hashed_keys
from winnow.serving.settings import Settings

KEY = "a-key-of-the-tests"


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[Client]:
    with live_service(engine, Settings(port=0, key_hashes=hashed_keys([KEY]))) as (host, port):
        client = Client(f"http://{host}:{port}", KEY)
        yield client
        client.close()

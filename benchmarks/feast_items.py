"""The items of a bundle in Feast, as a service would ask for them with every request."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.inputs import Inputs
from benchmarks.state_users import state_server
from winnow.ops.feast_jobs import FeastSource, apply_feast, init_feast, materialize_feast
from winnow.stores.feast_repository import FeastRepository


@contextmanager
def feast_items(inputs: Inputs, *, on_redis: bool) -> Iterator[FeastRepository]:
    """A repository that is filled with the retail data set, on a Redis server of its own or in a SQLite file.

    Raises:
        RefusedError: no server is installed.
    """
    if on_redis:
        with state_server(inputs.cache) as server, _filled(inputs, f"127.0.0.1:{server.port}") as repository:
            yield repository
    else:
        with _filled(inputs, "") as repository:
            yield repository


@contextmanager
def _filled(inputs: Inputs, redis: str) -> Iterator[FeastRepository]:
    inputs.cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=inputs.cache) as folder:
        repository = Path(folder) / "feast"
        init_feast(repository, "local", redis)
        apply_feast(repository, FeastSource(bundle=inputs.bundle))
        materialize_feast(repository)
        yield FeastRepository(repository)

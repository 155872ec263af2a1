"""Whoever is forgotten leaves Feast: real SQLite files, a real Redis, and a store that Winnow does not know."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from feast import Entity, FeatureView, Field, FileSource
from feast.types import String
from feast.value_type import ValueType
from valkey import Valkey

from benchmarks.valkey_server import ValkeyServer
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.ops.feast_jobs import init_feast
from winnow.schema.errors import Unavailable
from winnow.schema.feature import Kind
from winnow.stores.feast_files import rows_of
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import FeatureTable

USERS = FeatureTable(name="winnow_users", key="user_id", columns={"age": Kind.NUMBER, "tags": Kind.VECTOR})
WINDOW = FeatureTable(
    name="winnow_window_top", key="user_id", columns={"top": Kind.CATEGORY}, ttl_s=86_400.0, is_live=True
)
ITEMS = FeatureTable(name="winnow_items", key="item_id", columns={"title": Kind.TEXT})
ANN, BOB = "ann-whose-name-is-long", "bob"
SESSION = "session:of-ann"
NAMES = [ANN, BOB, SESSION]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with valkey_server(tmp_path_factory.mktemp("redis")) as started:
        yield started


@pytest.fixture(params=["sqlite", "redis", "another"])
def kind(request, monkeypatch) -> str:
    if request.param == "another":
        monkeypatch.setattr("winnow.stores.feast_online.ERASERS", {})
    return request.param


@pytest.fixture
def repository(kind: str, server: ValkeyServer, tmp_path: Path) -> FeastRepository:
    """Both stores are full."""
    if kind == "redis":
        asked(server, "FLUSHALL")
    init_feast(tmp_path, "local", f"127.0.0.1:{server.port},socket_timeout={PATIENT_S}" if kind == "redis" else "")
    return filled(tmp_path)


def filled(folder: Path) -> FeastRepository:
    repository, now = FeastRepository(folder), time.time()
    since = np.full(3, round((now - 60) * 1e6))
    users = pa.table({"user_id": NAMES, "age": [31.0, 32.0, None], "tags": [[0.5, 1.0]] * 3})
    repository.files.replace(USERS, rows_of(USERS, users, since, now - 60), 0.0)
    repository.files.replace(WINDOW, rows_of(WINDOW, users.append_column("top", [NAMES]), since, now - 60), 0.0)
    items = pa.table({"item_id": [ANN], "title": ["An item of the same name"]})
    repository.files.replace(ITEMS, rows_of(ITEMS, items, since[:1], now - 60), 0.0)
    repository.apply([USERS, WINDOW, ITEMS])
    repository._store.apply([others_view(folder)], partial=True)
    repository.materialize(datetime.now(UTC))
    push(repository, [ANN, SESSION], now - 40)
    return repository


def push(repository: FeastRepository, names: list[str], at: float) -> None:
    repository.push(WINDOW, pa.table({"user_id": names, "top": [f"now {name}" for name in names]}), at)


def others_view(folder: Path) -> FeatureView:
    """Of another team, by the same key, in the same repository."""
    path = folder / "theirs.parquet"
    at = pa.array([datetime.now(UTC)], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"user_id": [ANN], "level": ["gold"], "at": at}), path)
    return FeatureView(
        name="loyalty",
        entities=[Entity(name="user_id", join_keys=["user_id"], value_type=ValueType.STRING)],
        schema=[Field(name="user_id", dtype=String), Field(name="level", dtype=String)],
        source=FileSource(name="loyalty_rows", path=str(path), timestamp_field="at"),
    )


def online(repository: FeastRepository, name: str) -> list:
    """What is said of a user, of another team too; of a window the word alone."""
    loyalty = FeatureTable(name="loyalty", key="user_id", columns={"level": Kind.CATEGORY})
    rows = [repository.online(table, [name])[0] for table in (USERS, WINDOW, loyalty)]
    return [None if row is None else next(iter(row.values())) for row in rows]


def offline(repository: FeastRepository) -> dict[str, list[str]]:
    """Of each file whose rows it holds."""
    files = sorted(repository.files.folder.rglob("*.parquet"))
    return {
        f"{each.parent.name}/{each.name[:4]}": pq.ParquetFile(each).read().to_pydict()[key]
        for each in files
        for key in (pq.ParquetFile(each).schema_arrow.names[0],)
    }


def test_a_user_leaves_both_stores_and_nobody_else_does(repository, kind):
    assert online(repository, ANN) == [31.0, f"now {ANN}", "gold"]
    items = repository.files.folder / "winnow_items" / "all.parquet"
    before = items.stat()
    assert repository.forget({ANN: inf}) == (2, 3)
    assert online(repository, ANN) == [None, None, "gold"]
    assert online(repository, BOB) == [32.0, BOB, None]
    assert online(repository, SESSION) == [None, f"now {SESSION}", None]
    assert offline(repository) == {
        "winnow_items/all.": [ANN],
        "winnow_users/all.": [BOB, SESSION],
        "winnow_window_top/all.": [BOB, SESSION],
        "winnow_window_top/push": [SESSION],
    }
    assert items.stat() == before, "nothing of it was written anew"
    assert repository.forget({ANN: inf, "a stranger": inf}) == (0, 0)
    repository.materialize(datetime.now(UTC))
    assert online(repository, ANN)[:2] == [None, None], "it does not come back from the files"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_not_even_the_bytes_of_a_name_stay_in_a_file(repository, tmp_path):
    file = tmp_path / "data" / "online.db"
    assert file.read_bytes().count(BOB.encode()) > 1
    repository.forget({BOB: inf})
    assert file.read_bytes().count(BOB.encode()) == 0


@pytest.mark.parametrize("kind", ["redis"])
def test_a_redis_keeps_no_key_in_which_nobody_has_a_row(repository, server):
    (key,) = asked(server, "KEYS", f"*{BOB}*")
    # Of a column that the view had once.
    asked(server, "HSET", key, "an old column", "31")
    repository.forget({ANN: inf, BOB: inf})
    left = [len(asked(server, "KEYS", f"*{name}*")) for name in (ANN, BOB)]
    assert left == [2, 0], "of ann another team has a row, and there is an item of that name"


def asked(server: ValkeyServer, *command: object):
    with Valkey.from_url(server.url) as client:
        return client.execute_command(*command)


def test_what_was_written_since_stays(repository):
    push(repository, [ANN], time.time())
    assert repository.forget({ANN: time.time() - 20}) == (1, 3)
    assert online(repository, ANN)[:2] == [None, f"now {ANN}"]
    files = repository.files.folder.glob("winnow_window_top/pushed-*")
    assert [pq.read_table(each)["user_id"].to_pylist() for each in sorted(files)] == [[SESSION], [ANN]]


@pytest.mark.parametrize("kind", ["redis"])
def test_what_was_cut_short_is_done_by_the_same_again(repository, server):
    server.kill()
    with pytest.raises(Unavailable, match="Feast cannot forget a user"):
        repository.forget({ANN: inf})
    server.start()
    push(repository, [ANN], time.time())
    assert repository.forget({ANN: inf}) == (1, 1)
    assert online(repository, ANN)[:2] == [None, None]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_file_that_cannot_be_written_is_said(repository, monkeypatch):
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(Unavailable, match=r"Features cannot be written to .*No space left"):
        repository.forget({ANN: inf})

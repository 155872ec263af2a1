"""The worker tells Feast what users do: a real Redis keeps their events, and is asked online too."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from benchmarks.valkey_server import ValkeyServer
from tests.unit.serving.visitor_calls import answered, opened
from tests.valkey_server import PATIENT_S, valkey_server
from tests.windowed_shop import windowed_shop
from winnow.cli.main import app
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.engine.open_outside import feast_users
from winnow.engine.recent_windows import recent_windows
from winnow.engine.state_home import StateHome
from winnow.ops.feast_jobs import FeastSource, apply_feast, init_feast, materialize_feast
from winnow.schema.errors import SettingsError, Unavailable
from winnow.serving.event_log.logged_events import logged_events
from winnow.serving.process.run_worker import WorkerOptions, run_worker
from winnow.serving.settings.settings import Settings
from winnow.stores.event import Event
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import user_table, window_tables

COLUMNS = ("top_category", "last_item")


@pytest.fixture(scope="module")
def windowed(shop: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return windowed_shop(shop, bundle, tmp_path_factory.mktemp("windowed"))[0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    with valkey_server(folder, appendonly="yes", appendfsync="always") as started:
        yield started


@pytest.fixture
def settings(server: ValkeyServer, windowed: Path, tmp_path: Path) -> Settings:
    repo = tmp_path / "repo"
    init_feast(repo, "local", f"127.0.0.1:{server.port},db=1,socket_timeout={PATIENT_S}")
    apply_feast(repo, FeastSource(bundle=windowed))
    return Settings(valkey_url=server.url, feast=repo, events=tmp_path / "log")


@pytest.fixture
def engine(server: ValkeyServer, windowed: Path) -> Iterator[Engine]:
    with StateHome(url=f"{server.url}?socket_timeout={PATIENT_S}") as home:
        yield open_engine(windowed, home.open)


def act(engine: Engine, user: str, *items: int) -> None:
    """Clicks that have just happened, each after the one before."""
    now, prefix = time.time() - 1.0, f"{user} {time.monotonic_ns()}"
    engine.state.append(
        [
            Event(
                event_id=f"{prefix} {place}",
                user_id=user,
                item_id=engine.catalogue.item_ids[item],
                type="click",
                at=now + place / 1000,
            )
            for place, item in enumerate(items)
        ]
    )


def work(settings: Settings, windowed: Path, words: str = "") -> None:
    said: list[str] = []
    run_worker(settings, WorkerOptions(once=True, features=windowed), said.append)
    assert words in said[-1]


def told(settings: Settings, engine: Engine, users: list[str]) -> tuple[dict[str, list], dict[str, list]]:
    """By column what Feast says of users online, and offline as of a moment later."""
    repository, tables = FeastRepository(settings.feast), window_tables(engine.schema)
    online = {}
    for name in COLUMNS:
        rows = repository.online(tables[name], users)
        online[name] = [None if row is None else row[name] for row in rows]
    soon = np.full(len(users), round((time.time() + 1) * 1e6))
    joined = repository.as_of([tables[name] for name in COLUMNS], users, soon)
    return online, {name: joined[name].to_pylist() for name in COLUMNS}


def test_both_stores_say_what_a_request_would_read(settings, engine, windowed):
    users = ["ann", "session:7", *engine.users.table.user_ids[:20], "who did nothing"]
    for place, user in enumerate(users[:-1]):
        act(engine, user, place, place + 1, place, place + 50)
    work(settings, windowed)
    wanted = recent_windows(engine).read(users, time.time())
    assert all(word is not None for name in COLUMNS for word in wanted[name][:-1])
    assert len(set(wanted["top_category"])) > 3
    assert told(settings, engine, users) == (wanted, wanted)


def test_what_is_told_again_is_the_same_and_what_comes_later_is_newer(settings, engine, windowed, monkeypatch):
    act(engine, "ann", 1, 1, 2)
    settle = "winnow.stores.valkey_log.ValkeyLog.settle"
    with monkeypatch.context() as patch:
        # As if the worker were killed when Feast knows, and the server does not know that it does.
        patch.setattr(settle, lambda *_: (_ for _ in ()).throw(Unavailable("Killed.")))
        with pytest.raises(Unavailable, match="Killed"):
            work(settings, windowed)
    first = told(settings, engine, ["ann"])
    work(settings, windowed)
    assert told(settings, engine, ["ann"]) == first
    act(engine, "ann", 2, 2, 2)
    work(settings, windowed)
    wanted = recent_windows(engine).read(["ann"], time.time())
    assert told(settings, engine, ["ann"]) == (wanted, wanted) != first


def test_whoever_is_forgotten_is_not_in_feast_nor_are_the_sessions_that_they_were(settings, engine, windowed):
    act(engine, "session:7", 1, 2)
    work(settings, windowed)
    engine.state.merge("session:7", "ann")
    act(engine, "bob", 1)
    work(settings, windowed)
    assert {"ann", "session:7", "bob"} <= {name for name, word in pushed(settings) if word}
    engine.state.forget("ann")
    work(settings, windowed)
    assert {name for name, word in pushed(settings) if word} == {"bob"}
    assert not any(name == "ann" for name, _ in pushed(settings))
    nothing = {name: [None] for name in COLUMNS}
    assert told(settings, engine, ["ann"]) == (nothing, nothing)
    act(engine, "ann", 3)
    work(settings, windowed)
    wanted = recent_windows(engine).read(["ann"], time.time())
    assert told(settings, engine, ["ann"]) == (wanted, wanted), "who comes back is told of again"


def pushed(settings: Settings) -> set[tuple[str, str | None]]:
    """All that was told offline: of whom, and what of one window."""
    files = (settings.feast / "data" / "winnow_window_top_category").glob("pushed-*.parquet")
    rows = [row for each in files for row in pq.read_table(each).to_pylist()]
    return {(row["user_id"], row["top_category"]) for row in rows}


def test_the_command_takes_a_visitor_out_of_feast_and_of_the_log(settings, engine, windowed, monkeypatch):
    act(engine, "session:7", 1)
    engine.state.merge("session:7", "ann")
    act(engine, "ann", 1, 2)
    work(settings, windowed)
    monkeypatch.setenv("WINNOW_FEAST", str(settings.feast))
    done = CliRunner().invoke(app, ["worker", "forget", "ann", "--events", str(settings.events)])
    assert done.output.startswith("Removed 2 rows of features online, and 2 offline.\nRemoved 4 rows from ")
    assert not any(name == "ann" for name, _ in pushed(settings))


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_user_is_deleted_from_feast_by_the_service_and_again_when_feast_comes_back(
    settings, server, windowed, comes_back, monkeypatch
):
    with StateHome(url=f"{server.url}?socket_timeout={PATIENT_S}") as home:
        engine = open_engine(windowed, home.open, feast_users(settings.feast))
        materialize_feast(settings.feast)
        user, caller = engine.users.table.user_ids[0], opened(engine)
        shown = answered(caller, "GET", f"/v1/users/{user}/state")["features"]
        assert shown["age"] is not None
        act(engine, user, 1, 2)
        work(settings, windowed)
        if comes_back:
            with monkeypatch.context() as patch:
                patch.setattr("redis.Redis.execute_command", gone)
                patch.setattr("redis.client.Pipeline.execute", gone)
                refused = caller.call("DELETE", f"/v1/users/{user}")
            assert refused.status_code == 503
            assert "Feast cannot forget a user" in refused.json()["error"]["message"]
        receipt = answered(caller, "DELETE", f"/v1/users/{user}")
        files = {"online": 3, "offline": 0 if comes_back else receipt["features"]["offline"]}
        assert receipt["features"] == files
        assert receipt["events"] == (0 if comes_back else 2)
        work(settings, windowed)
        assert user not in {name for name, _ in pushed(settings)}
        repository = FeastRepository(settings.feast)
        assert repository.online(user_table(engine.schema), [user]) == [None]
        assert answered(caller, "GET", f"/v1/users/{user}/state")["features"] == {}


def gone(*_: object, **__: object) -> None:
    raise ConnectionError("gone")


def test_while_feast_is_down_events_are_logged_and_the_next_worker_tells_it_what_it_missed(
    settings, engine, windowed, monkeypatch, caplog
):
    act(engine, "session:7", 1, 2)
    act(engine, "bob", 1)
    work(settings, windowed)
    act(engine, "ann", 1, 2)
    engine.state.forget("bob")
    with monkeypatch.context() as patch:
        patch.setattr("feast.FeatureStore.push", gone)
        patch.setattr("redis.Redis.execute_command", gone)
        patch.setattr("redis.client.Pipeline.execute", gone)
        work(settings, windowed)
    owed = settings.events / "_owed_features.json"
    assert f"Events go on to the log; {owed} says what is to be made up for." in caplog.text
    assert {name for name, _ in pushed(settings)} == {"session:7"}, "else each try would leave a file"
    assert set(logged_events(settings.events)["user_id"].to_pylist()) == {"session:7", "ann"}
    # Nothing waits on the server any more.
    work(settings, windowed, "Wrote 0 entries")
    wanted = recent_windows(engine).read(["ann"], time.time())
    assert told(settings, engine, ["ann"]) == (wanted, wanted)
    assert {name for name, word in pushed(settings) if word} == {"session:7", "ann"}
    assert not owed.exists()


def test_the_next_history_takes_the_place_of_what_was_pushed_before_its_end(settings, engine, windowed):
    act(engine, "ann", 1)
    work(settings, windowed)
    folder = settings.feast / "data" / "winnow_window_top_category"
    (pushed,) = folder.glob("pushed-*.parquet")
    apply_feast(settings.feast, FeastSource(bundle=windowed))
    assert pushed.exists(), "the data set ends before that"
    pushed.rename(folder / "pushed-1000000.parquet")
    apply_feast(settings.feast, FeastSource(bundle=windowed))
    assert [each.name for each in folder.iterdir()] == ["all.parquet"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"feast": None}, "no repository is named; name it in WINNOW_FEAST"),
        ({"valkey_url": ""}, "name it in WINNOW_VALKEY_URL, or leave --features out"),
    ],
)
def test_a_worker_that_cannot_tell_anybody_says_so(windowed, server, tmp_path, changes, sentence):
    given = {"valkey_url": server.url, "feast": tmp_path, "events": tmp_path / "log", **changes}
    with pytest.raises(SettingsError, match=sentence):
        work(Settings(**given), windowed)


def test_a_bundle_without_windows_has_nothing_to_tell(bundle, server, tmp_path):
    with pytest.raises(SettingsError, match="declares no window"):
        work(Settings(valkey_url=server.url, feast=tmp_path, events=tmp_path / "log"), bundle)

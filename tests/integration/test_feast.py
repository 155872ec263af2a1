"""Real Feast, on SQLite and on a real Redis: what it is told is what it says, online and as of any instant."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tests.valkey_server import PATIENT_S, valkey_server
from tests.windowed_shop import WINDOWS, windowed_shop
from winnow.api.recommendations import RecommendationRequest
from winnow.cli.main import app
from winnow.data.dataset import USER
from winnow.data.write_dataset import write_dataset
from winnow.engine.open_engine import open_engine
from winnow.engine.open_outside import feast_users
from winnow.ops.feast_check import check_feast
from winnow.ops.feast_jobs import FeastSource, apply_feast, init_feast, materialize_feast
from winnow.schema.errors import SettingsError
from winnow.serving.routes.recommendations_route import one_request, response_of
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import user_table, window_tables

ALL = 10**6


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def source(shop: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> FeastSource:
    windowed, _ = windowed_shop(shop, bundle, tmp_path_factory.mktemp("windowed"))
    return FeastSource(bundle=windowed)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with valkey_server(tmp_path_factory.mktemp("redis")) as started:
        yield started


@pytest.fixture(scope="module")
def on_file(source: FeastSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a SQLite file, as the commands make it."""
    repo = tmp_path_factory.mktemp("feast") / "repo"
    for command in (
        ("init", repo),
        ("apply", source.bundle, "--repo", repo),
        ("materialize", "--repo", repo),
    ):
        done = run("feast", *command)
        assert done.exit_code == 0, done.output
    return repo


@pytest.fixture(scope="module")
def on_redis(source: FeastSource, server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    repo = tmp_path_factory.mktemp("feast") / "repo"
    init_feast(repo, "local", f"127.0.0.1:{server.port}")
    apply_feast(repo, source)
    materialize_feast(repo)
    return repo


@pytest.fixture
def apart(source: FeastSource, tmp_path: Path) -> Path:
    """A repository of a test's own, with nothing online."""
    init_feast(tmp_path / "repo", "local")
    apply_feast(tmp_path / "repo", source)
    return tmp_path / "repo"


def test_the_command_finds_every_user_and_every_event_equal(on_file, source):
    done = run("feast", "check", source.bundle, "--repo", on_file)
    assert done.exit_code == 0
    assert "Compared age, gender, top_category, last_item: 300 users online, 6,444 rows as of" in done.output
    assert "say the same" in done.output


def test_a_redis_says_online_what_the_data_set_says(on_redis, source):
    report = check_feast(on_redis, source, users=ALL, rows=200)
    assert (report.users, report.rows, report.differences) == (300, 200, ())


def test_there_is_something_to_compare_in_every_window(on_file):
    for name in WINDOWS:
        (file,) = (on_file / "data" / f"winnow_window_{name}").iterdir()
        words = pq.read_table(file)[name]
        assert len(set(words.to_pylist())) > 5
        assert words.null_count > 100


def test_what_is_not_online_is_missed(apart, source):
    done = run("feast", "check", source.bundle, "--repo", apart, "--rows", 10)
    assert done.exit_code == 1
    assert "300 of 300 users are not online, such as '" in done.output
    assert "run `winnow feast materialize`" in done.output


def test_a_value_that_differs_is_found_as_of_its_instant(apart, source):
    file = apart / "data" / "winnow_users" / "all.parquet"
    rows = pq.read_table(file)
    place = rows.column_names.index("age")
    pq.write_table(rows.set_column(place, "age", pa.array(np.full(rows.num_rows, 7.0))), file)
    report = check_feast(apart, source, users=0, rows=500)
    (told,) = report.differences
    assert told.startswith("'age' differs as of an event in ")
    assert "Feast says 7.0" in told


def test_rows_that_get_lost_are_counted(on_file, source, monkeypatch):
    whole = FeastRepository.as_of
    monkeypatch.setattr(FeastRepository, "as_of", lambda self, *asked: whole(self, *asked).slice(1))
    assert check_feast(on_file, source, users=0, rows=50).differences == (
        "Feast made 49 rows of 50 as of their instants; no more, no less.",
    )


def test_users_are_read_from_feast_to_the_same_bits_and_strangers_from_the_bundle(on_file, on_redis, source):
    plain = open_engine(source.bundle)
    names = [*plain.users.table.user_ids, "a stranger", ""]
    codes, values = plain.users.table.read(names)
    for repo in (on_file, on_redis):
        store = open_engine(source.bundle, open_users=feast_users(repo)).assembly.users.store
        assert store is not plain.assembly.users.store
        for wanted, read in zip((codes, values), store.read(names), strict=True):
            assert wanted.dtype == read.dtype
            np.testing.assert_array_equal(wanted, read)


def test_what_feast_learns_later_comes_before_what_the_bundle_knows(source, server, tmp_path):
    """On Redis, which takes nothing that is not newer than what it has."""
    repo, later = tmp_path / "repo", tmp_path / "later"
    init_feast(repo, "local", f"127.0.0.1:{server.port},db=1")
    apply_feast(repo, source)
    materialize_feast(repo)
    dataset = source.open().dataset
    users, (older, silent) = dataset.users, dataset.users[USER].to_pylist()[:2]
    ages = pa.array([99.0, None, *users["age"].to_pylist()[2:]])
    users = users.set_column(users.column_names.index("age"), "age", ages)
    newcomer = users.slice(0, 1).set_column(users.column_names.index(USER), USER, pa.array(["newcomer"]))
    write_dataset(replace(dataset, users=pa.concat_tables([users, newcomer])), later)
    apply_feast(repo, replace(source, data=later))
    materialize_feast(repo)
    engine = open_engine(source.bundle, open_users=feast_users(repo))
    fitted, asked = engine.users.fitted, [older, silent, "newcomer"]
    _, values = engine.assembly.users.store.read(asked)
    names = [each.name for each in fitted.outputs if each.form == "value"]
    age, is_missing = (values[:, names.index(name)] for name in ("age", "age_missing"))
    assert is_missing.tolist() == [0, 1, 0]
    assert age[0] == age[2] > engine.users.table.values[:, names.index("age")].max()


def test_without_its_redis_a_service_answers_without_features_of_users_and_with_it_has_them_again(source, tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    with valkey_server(folder) as own:
        init_feast(tmp_path / "repo", "local", f"127.0.0.1:{own.port}")
        apply_feast(tmp_path / "repo", source)
        engine = open_engine(source.bundle, open_users=feast_users(tmp_path / "repo"))
        user = engine.users.table.user_ids[0]
        assert degraded(engine, user) == []
        for away, back in ((own.pause, own.resume), (own.kill, own.start)):
            away()
            assert [degraded(engine, user) for _ in range(3)] == [["user"]] * 3
            started = open_engine(source.bundle, open_users=feast_users(tmp_path / "repo"))
            assert degraded(started, user) == ["user"]
            back()
            wait_for(lambda: degraded(engine, user) == [])


def degraded(engine, user: str) -> list[str]:
    response = response_of(
        engine, engine.pipeline(one_request(engine, RecommendationRequest(user_id=user, k=10), "r", time.time()))
    )
    assert len(response["items"]) == 10
    return response["degraded"]


def wait_for(condition) -> None:
    until = time.monotonic() + PATIENT_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_repository_that_lacks_what_the_schema_declares_is_refused_at_the_start(source, tmp_path):
    with pytest.raises(SettingsError, match="it is no Feast repository"):
        open_engine(source.bundle, open_users=feast_users(tmp_path))
    init_feast(tmp_path, "local")
    with pytest.raises(SettingsError, match="does not know 'age' in 'winnow_users'"):
        open_engine(source.bundle, open_users=feast_users(tmp_path))
    with pytest.raises(SettingsError, match="is there already and stays as it is"):
        init_feast(tmp_path, "local")
    (tmp_path / "feature_store.yaml").write_text("project: [")
    with pytest.raises(SettingsError, match="cannot be opened"):
        FeastRepository(tmp_path)


def test_a_view_that_is_no_more_in_the_schema_goes(apart, source):
    tables = window_tables(source.open().dataset.schema)
    repository = FeastRepository(apart)
    repository.apply([tables["last_item"]])
    FeastRepository(apart).check(tables["last_item"])
    with pytest.raises(SettingsError, match="winnow_window_top_category"):
        FeastRepository(apart).check(tables["top_category"])


def test_what_is_older_than_its_life_is_not_said(on_file, source):
    """The shop is of the past, so that no window holds anything of today."""
    schema = open_engine(source.bundle).schema
    names = open_engine(source.bundle).users.table.user_ids[:50]
    repository = FeastRepository(on_file)
    assert repository.online(window_tables(schema)["top_category"], names) == [None] * 50
    assert None not in repository.online(user_table(schema), names)

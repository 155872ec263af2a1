"""A Feast repository: registered, filled, asked and told through Feast itself."""
# pyright: standard
# Arrow and Feast tell no types.

import time
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import ibis
import numpy as np
import pyarrow as pa
from feast import FeatureStore
from feast.data_source import PushMode
from feast.errors import FeastObjectNotFoundException

from winnow.schema.column import Array
from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores.feast_config import FILE, patient
from winnow.stores.feast_files import INSTANT, FeastFiles, rows_of
from winnow.stores.feast_online import forget_online
from winnow.stores.feast_views import feast_objects, push_name
from winnow.stores.feature_table import ITEMS, OURS, FeatureTable

DATA = "data"
ROW = "winnow_row"
Answer = TypeVar("Answer")
FIRST = datetime(1970, 1, 2, tzinfo=UTC)


class FeastRepository:
    """A folder with `feature_store.yaml`, and files of rows in `data`. Safe to share between threads once it was read.

    Args:
        folder: of the repository.

    Raises:
        SettingsError: it is none, or Feast cannot use it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = FeastFiles(folder.resolve() / DATA)
        if not (folder / FILE).is_file():
            raise SettingsError(
                f"{folder} has no {FILE}, so it is no Feast repository; `winnow feast init {folder}` makes it one."
            )
        self._store = _told(f"The Feast repository {folder} cannot be opened", lambda: _opened(folder))

    def apply(self, tables: Sequence[FeatureTable]) -> None:
        """Registers the views of these tables, and takes away those of ours that are no more.

        Raises:
            SettingsError: Feast does not take them.
        """
        config: Any = self._store.config.offline_store
        athena = getattr(config, "database", None) if config.type == "athena" else None
        made: list[Any] = feast_objects(tables, self.files.folder, athena)
        kept = {each.name for each in tables}
        gone = [each for each in self._store.list_all_feature_views() if each.name not in kept]
        old: list[Any] = [each for each in gone if each.name.startswith(OURS)]
        what = "The features of Winnow cannot be registered with Feast"
        _told(what, lambda: self._store.apply(made, objects_to_delete=old, partial=False))

    def check(self, table: FeatureTable) -> None:
        """Whether the view of a table is as the schema has it.

        Raises:
            SettingsError: it is not there, or lacks a column.
        """
        try:
            there = {each.name for each in self._store.get_feature_view(table.name).features}
        except FeastObjectNotFoundException:
            there = set[str]()
        if absent := [name for name in table.columns if name not in there]:
            raise SettingsError(
                f"The Feast repository {self.folder} does not know '{absent[0]}' in '{table.name}', which the schema "
                "declares; run `winnow feast apply` with the bundle that is served."
            )

    def materialize(self, until: datetime) -> None:
        """Copies the newest rows of each key, up to an instant, to where they are asked online.

        Raises:
            Unavailable: the online store does not answer, or files are missing.
        """
        # Feast tells on the standard output what it does. Who is forgotten meanwhile must not come back by it.
        with redirect_stdout(StringIO()), _offline(), _written(self.files.folder), self.files.held():
            _asked("fill its online store", lambda: self._store.materialize(FIRST, until))

    def online(self, table: FeatureTable, keys: Sequence[str]) -> list[dict[str, Any] | None]:
        """Of each key the values by column, None for one that is missing; None for a key that is not there.

        A row that is older than its life is as if it were not there.

        Raises:
            Unavailable: the online store does not answer.
        """
        if not keys:
            return []
        names = [f"{table.name}:{name}" for name in table.columns]
        asked = [{table.key: key} for key in keys]
        answer = _asked("answer", lambda: self._store.get_online_features(names, asked))
        # The order of the columns is another one in every process.
        found: dict[str, list[Any]] = answer.to_dict()
        rows = zip(*(found[name] for name in table.columns), strict=True)
        holds = _holding(answer, table)
        return [
            dict(zip(table.columns, row, strict=True)) if there else None
            for row, there in zip(rows, holds, strict=True)
        ]

    def as_of(self, tables: Sequence[FeatureTable], keys: Sequence[str], at: Array) -> pa.Table:
        """What held of keys at instants, by Feast's own join.

        Args:
            tables: that go by one key.
            keys: N outside names.
            at: int64 [N], UTC microseconds.

        Returns:
            The columns of the tables and `winnow_row`, the place among the N, in the order of the places.

        Raises:
            Unavailable: the offline store does not answer.
        """
        asked = pa.table(
            {
                tables[0].key: pa.array(keys, pa.string()),
                "event_timestamp": pa.array(at, INSTANT),
                ROW: np.arange(len(keys)),
            }
        )
        names = [f"{table.name}:{name}" for table in tables for name in table.columns]
        with _offline():
            return _asked(
                "join its offline rows",
                lambda: self._store.get_historical_features(asked.to_pandas(), names).to_arrow().sort_by(ROW),
            )

    def push(self, table: FeatureTable, values: pa.Table, at: float) -> None:
        """Tells both stores what holds of some keys from now on.

        Args:
            table: a live one, which has columns of words only.
            values: N rows, at least 1, with the key and the columns of the table.
            at: now, UTC seconds.

        Raises:
            Unavailable: not both know it; tell it again, at whatever time.
        """
        rows = rows_of(table, values, np.full(values.num_rows, round(at * 1e6)), at)
        # Feast passes over rows that are all missing, and only warns: so nobody, who has no name, has a word.
        nobody = pa.table({name: [""] for name in (table.key, *table.columns)})
        told = pa.concat_tables([rows, rows_of(table, nobody, np.array([round(at * 1e6)]), at)]).to_pandas()
        _asked("take what is new", lambda: self._store.push(push_name(table), told, to=PushMode.ONLINE))
        # Last: while nobody answers online, the same is told again and again, of another instant each time.
        with _written(self.files.folder):
            self.files.add(table, rows, at)

    def forget(self, names: Mapping[str, float]) -> tuple[int, int]:
        """Takes users out of both stores, out of every view of ours that goes by user.

        Offline those are the files of this folder; what was copied elsewhere is for whoever copied it.

        Args:
            names: of users, with the UTC seconds until when what was written is meant; +inf for all of it.

        Returns:
            how many rows are gone online, and how many offline.

        Raises:
            Unavailable: not all of it is gone; do it again.
        """
        views: list[Any] = _asked("say what it has", self._store.list_all_feature_views)
        ours = [each for each in views if each.name.startswith(OURS) and each.name != ITEMS]
        # Files first: what is filled from them later has none of it.
        with _written(self.files.folder):
            offline = sum(self.files.forget(each.name, each.join_keys[0], names) for each in ours)
        online = _asked("forget a user", lambda: sum(forget_online(self._store, each, names) for each in ours))
        return online, offline


def _opened(folder: Path) -> FeatureStore:
    store = FeatureStore(repo_path=str(folder.resolve()))
    # An end to every wait for a server; nothing is connected yet.
    online: Any = store.config.online_store
    if getattr(online, "type", "") == "redis":
        online.connection_string = patient(online.connection_string)
    return store


@contextmanager
def _written(folder: Path) -> Generator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise Unavailable(f"Features cannot be written to {folder}: {error}.") from error


@contextmanager
def _offline() -> Generator[None]:
    """Closes the connection that Feast opens through Ibis and leaves open, of which DuckDB complains at the end."""
    with warnings.catch_warnings():
        # Of Ibis 12 with DuckDB 2, about its own call.
        warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning, r"ibis\.")
        try:
            yield
        finally:
            connection, ibis.options.default_backend = ibis.options.default_backend, None
            if connection is not None:
                connection.disconnect()


def _holding(answer: Any, table: FeatureTable) -> list[bool]:
    """Whether each row is there, and not too old. The instant says so; the status does only for some online stores."""
    names = list(answer.proto.metadata.feature_names.val)
    instants = answer.proto.results[names.index(next(iter(table.columns)))].event_timestamps
    since = time.time() - table.ttl_s if table.ttl_s else 0.0
    return [each.seconds > max(since, 0.0) for each in instants]


def _told(what: str, call: Callable[[], Answer]) -> Answer:
    """What a person set up, and can mend."""
    try:
        return call()
    except Exception as error:
        raise SettingsError(f"{what} ({type(error).__name__}: {error}). Look at its {FILE}.") from error


def _asked(what: str, call: Callable[[], Answer]) -> Answer:
    """What may fail at any time; which errors that brings is up to the library of the store that Feast was given."""
    try:
        return call()
    except Exception as error:
        raise Unavailable(f"Feast cannot {what} ({type(error).__name__}: {error}).") from error

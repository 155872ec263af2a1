"""Whether Feast says what the data set says, online and as of any instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from winnow.data.dataset import AT, USER
from winnow.ops.feast_jobs import FeastSource
from winnow.ops.feast_rows import FeastRows, described, microseconds
from winnow.schema.column import Array
from winnow.schema.progress import Progress, silent
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import FeatureTable, user_table, window_tables

USERS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FeastReport:
    """What was compared, and what differs.

    Attributes:
        users: who was asked for online.
        rows: how many rows were joined as of their instants.
        columns: raw columns that were compared.
        differences: a sentence for each kind of difference; none where all is equal.
    """

    users: int
    rows: int
    columns: tuple[str, ...]
    differences: tuple[str, ...]

    def lines(self) -> list[str]:
        """For people."""
        told = ", ".join(self.columns) or "no columns"
        compared = f"Compared {told}: {self.users:,} users online, {self.rows:,} rows as of their instants."
        return [compared, *(self.differences or ["Feast and the data set say the same."])]


def check_feast(
    repository: Path, source: FeastSource, *, users: int = 1_000, rows: int = 100_000, progress: Progress = silent
) -> FeastReport:
    """Asks Feast for users online and joins events as of their instants, and compares all of it with our own.

    Args:
        repository: its folder.
        source: what it was filled from.
        users: most users to ask for; they are drawn at random, and so are events.
        rows: most events to join.
        progress: told while the data set is read.

    Raises:
        BundleError, DataError: as `FeastSource.open` says.
        SettingsError: the folder is no repository, or does not know the features.
        Unavailable: a store does not answer.
    """
    feast, own = FeastRepository(repository), source.open(progress)
    schema, generator = own.dataset.schema, np.random.default_rng(0)
    described_users, windows = user_table(schema), window_tables(schema)
    tables = [*([described_users] if described_users else []), *windows.values()]
    for table in tables:
        feast.check(table)
    asked = _drawn(own.dataset.users.num_rows, users, generator) if described_users else np.array([], np.int64)
    events = _drawn(own.dataset.events.num_rows, rows, generator) if tables else np.array([], np.int64)
    return FeastReport(
        users=len(asked),
        rows=len(events),
        columns=tuple(name for table in tables for name in table.columns),
        differences=(
            *(_online(feast, own, described_users, asked) if described_users else ()),
            *(_as_of(feast, own, tables, events) if tables else ()),
        ),
    )


def _drawn(size: int, most: int, generator: np.random.Generator) -> Array:
    return np.sort(generator.choice(size, min(size, most), replace=False))


def _online(feast: FeastRepository, own: FeastRows, table: FeatureTable, places: Array) -> list[str]:
    wanted = own.dataset.users.take(places)
    names: list[str] = wanted[USER].to_pylist()
    found: list[Mapping[str, Any] | None] = []
    for start in range(0, len(names), USERS_AT_ONCE):
        found += feast.online(table, names[start : start + USERS_AT_ONCE])
    here = np.array([row is not None for row in found], bool)
    columns = {
        name: (wanted[name].to_pylist(), [None if row is None else row[name] for row in found])
        for name in table.columns
    }
    return [*_absent(names, here), *_differences(columns, names, here, "online")]


def _absent(names: Sequence[str], here: Array) -> list[str]:
    if here.all():
        return []
    count, first = np.count_nonzero(~here), names[int(np.argmin(here))]
    return [f"{count:,} of {len(names):,} users are not online, such as '{first}'; run `winnow feast materialize`."]


def _as_of(feast: FeastRepository, own: FeastRows, tables: Sequence[FeatureTable], places: Array) -> list[str]:
    events = own.dataset.events.take(places)
    names, at = events[USER].to_pylist(), microseconds(events[AT].to_numpy())
    joined = feast.as_of(tables, names, at)
    if joined.num_rows != len(places):
        return [f"Feast made {joined.num_rows:,} rows of {len(places):,} as of their instants; no more, no less."]
    wanted = _own(own, tables, events)
    columns = {name: (wanted[name].to_pylist(), joined[name].to_pylist()) for name in wanted.column_names}
    return _differences(columns, names, np.ones(len(places), bool), "as of an event")


def _own(own: FeastRows, tables: Sequence[FeatureTable], events: pa.Table) -> pa.Table:
    """Our own join, N rows with the columns of all tables."""
    columns: dict[str, Any] = {}
    told = own.windows.appended(events)
    for table in tables:
        source = told if table.is_live else described(own.dataset, events[USER], table)
        for name in table.columns:
            columns[name] = source[name] if name in source.column_names else pa.nulls(len(events), pa.string())
    return pa.table(columns)


def _differences(
    columns: Mapping[str, tuple[list[Any], list[Any]]], names: Sequence[str], compared: Array, where: str
) -> list[str]:
    told: list[str] = []
    for column, (wanted, found) in columns.items():
        other = [place for place in np.flatnonzero(compared).tolist() if not _equal(wanted[place], found[place])]
        if other:
            first = other[0]
            told.append(
                f"'{column}' differs {where} in {len(other):,} of {len(names):,} cases: of '{names[first]}' Feast says "
                f"{found[first]!r}, and the data set {wanted[first]!r}."
            )
    return told


def _equal(one: Any, other: Any) -> bool:
    """Whether both are missing, or equal; Arrow and pandas have either of null and NaN for a missing number."""
    if _is_missing(one) or _is_missing(other):
        return _is_missing(one) and _is_missing(other)
    return bool(np.array_equal(one, other))


def _is_missing(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 - only NaN is not itself

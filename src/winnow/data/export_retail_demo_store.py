"""Writes a Dataset in the layout of the Retail Demo Store, so that nothing of it is lost."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from winnow.data.arrow_compute import pc
from winnow.data.canonical import canonical_schema
from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.retail_demo_store import EVENTS_FILE, ITEMS_FILE, RETAIL_SCHEMA, USERS_FILE
from winnow.data.retail_demo_store_view import retail_demo_store_view
from winnow.data.tables import SCHEMA_FILE
from winnow.data.whole_folder import check_folder, whole_folder
from winnow.data.write_dataset import REPORT_FILE, ROWS_AT_ONCE, write_report
from winnow.data.write_pictures import PICTURES, write_pictures
from winnow.schema.errors import DataError
from winnow.schema.progress import Progress, silent
from winnow.schema.schema_file import write_schema_file

FILES = {"users": USERS_FILE, "items": ITEMS_FILE, "events": EVENTS_FILE}
IMPRESSIONS_FILE = "impressions.parquet"
"""Which the layout does not have."""


def export_retail_demo_store(
    dataset: Dataset, folder: Path, progress: Progress = silent, *, force: bool = False
) -> tuple[str, ...]:
    """Write the layout's three files and a report; the folder appears whole or not at all.

    Where the layout's columns can hold the whole data set, as one that was read from this layout, there is nothing
    else. Otherwise the files have the layout's columns first, for tools that know no others, and behind them every
    column of the data set, vectors in text files as `[0.5, 1.0]`; impressions and pictures have files of their own, and
    a schema file says that Winnow reads all that. What was written is read back before the folder appears, and must be
    the same data set, digest by digest.

    Args:
        dataset: what to write.
        folder: made when it is not there.
        progress: told while rows and pictures are written, and rows read back.
        force: replace what was exported here before.

    Returns:
        Sentences about what the layout's own columns cannot say.

    Raises:
        DataError: the folder holds an export and `force` is not given, or it holds something else, or is a file; the
            disk is full; or these files cannot hold the data set.
    """
    check_export_target(folder, force=force)
    view = retail_demo_store_view(dataset)
    with whole_folder(folder) as new:
        if not _suffices(view.tables, dataset, new, progress):
            _write(_with_own_columns(view.tables, dataset), new, progress)
            media = write_pictures(dataset, new, progress)
            write_schema_file(dataset.schema, _files(dataset), new / SCHEMA_FILE, media)
            _check(dataset, new, progress)
        write_report(dataset, new)
    return view.losses


def check_export_target(folder: Path, *, force: bool) -> None:
    """Whether an export may be written here, asked before long work.

    The report, which only an export has, keeps the Retail Demo Store's own files from being taken for one.

    Raises:
        DataError: the folder holds an export and `force` is not given, or it holds something else, or is a file.
    """
    ours = {*FILES.values(), IMPRESSIONS_FILE, PICTURES, SCHEMA_FILE, REPORT_FILE}
    check_folder(folder, ours, marker=REPORT_FILE, force=force)


def _files(dataset: Dataset) -> dict[str, str]:
    """File names by table."""
    return FILES if dataset.impressions is None else {**FILES, "impressions": IMPRESSIONS_FILE}


def _suffices(tables: Mapping[str, pa.Table], dataset: Dataset, folder: Path, progress: Progress) -> bool:
    """Writes the layout's columns alone where they may be enough, and says whether they are."""
    if dataset.schema != canonical_schema(RETAIL_SCHEMA):
        return False
    _write(tables, folder, progress)
    return _read_back(folder, progress) == dataset.digest


def _with_own_columns(tables: Mapping[str, pa.Table], dataset: Dataset) -> dict[str, pa.Table]:
    """The data set's own columns behind the layout's; one that has the name of one of these takes its place."""
    wide: dict[str, pa.Table] = {}
    for name, file in FILES.items():
        own: pa.Table = getattr(dataset, name)
        columns = {each: tables[file][each] for each in tables[file].column_names}
        wide[file] = pa.table(columns | {each: own[each] for each in own.column_names})
    return wide if dataset.impressions is None else {**wide, IMPRESSIONS_FILE: dataset.impressions}


def _write(tables: Mapping[str, pa.Table], folder: Path, progress: Progress) -> None:
    done, total = 0, sum(table.num_rows for table in tables.values())
    for file, table in tables.items():
        write = _write_parquet if file.endswith(".parquet") else _write_text
        write(table, folder / file)
        done += table.num_rows
        progress("Writing rows", done, total)


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", row_group_size=ROWS_AT_ONCE)


def _write_text(table: pa.Table, path: Path) -> None:
    columns = {name: _spelled(table[name]) for name in table.column_names}
    with pa.OSFile(str(path), "wb") as file, pa.CompressedOutputStream(file, "gzip") as stream:
        pv.write_csv(pa.table(columns), stream)


def _spelled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Vectors as text such as `[0.5, 1.0]`; other columns as they are."""
    if not pa.types.is_fixed_size_list(column.type):
        return column
    numbers = column.cast(pa.list_(pa.float32())).cast(pa.list_(pa.string()))
    return pc.binary_join_element_wise("[", pc.binary_join(numbers, ", "), "]", "")


REFUSED = "The data set cannot be written in the layout of the Retail Demo Store; nothing was written."


def _check(dataset: Dataset, folder: Path, progress: Progress) -> None:
    if _read_back(folder, progress) != dataset.digest:
        raise DataError(
            f"{REFUSED} Read back, it is another data set: some text or id of it has no place in a CSV file. "
            "`winnow data import` writes any data set, as Parquet."
        )


def _read_back(folder: Path, progress: Progress) -> str:
    """The digest of what stands there now."""
    try:
        return open_dataset(folder, progress=progress).digest
    except DataError as error:
        raise DataError(f"{REFUSED} Reading it back says: {error}") from error

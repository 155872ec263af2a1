"""Importer of tables of clicks, such as Criteo's: a label, numbers and categories."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.click_findings import click_findings
from winnow.data.click_table import ClickTable
from winnow.data.click_table_form import ClickTableForm
from winnow.data.ledger import Ledger
from winnow.data.read_raw_clicks import click_files, read_raw_clicks, unused_columns
from winnow.data.report import DataReport, Finding
from winnow.data.typed_clicks import CLICKS, summed, typed_clicks
from winnow.schema.column import Floats
from winnow.schema.errors import DataError

CRITEO = ClickTableForm()


def read_click_table(path: Path, form: ClickTableForm = CRITEO) -> ClickTable:
    """All rows, in the order of the files and of the rows in them.

    Args:
        path: UTF-8 text with a tab between columns (.tsv, .tsv.gz), Parquet (.parquet), or a folder of such files,
            which are read in the order of their names, day_2 before day_10. Where the first line of a text names the
            label it is a header, and columns may stand in any order; without one they are in the order of the form.
            Nothing between two tabs is missing.
        form: what the columns are called.

    Raises:
        DataError: there is no such file, it lacks columns or rows, a line has another number of columns, a label is
            not 0 or 1, or a number is none; the sentence says in which line.
    """
    files, ledger = click_files(path), Ledger()
    unused = tuple(dict.fromkeys(name for file in files for name in unused_columns(file, form)))
    columns: dict[str, list[pa.ChunkedArray]] = {name: [] for name in form.columns}
    for part in _typed(files, form, ledger, str(path)):
        for name, parts in columns.items():
            _add(parts, part[name])
    if not columns[form.label]:
        raise DataError(f"There are no rows in {path}; at least one is wanted.")
    return _table(columns, form, str(path), tuple(summed(ledger.findings)), unused)


def _typed(files: list[Path], form: ClickTableForm, ledger: Ledger, source: str) -> Iterator[pa.Table]:
    for file in files:
        for raw in read_raw_clicks(file, form):
            typed = typed_clicks(raw, form, ledger)
            ledger.close(source)
            if len(typed):
                yield typed


def _add(parts: list[pa.ChunkedArray], part: pa.ChunkedArray) -> None:
    """Parts of about one size become one as they come: a frequent value is in the dictionary of every block."""
    parts.append(part)
    while len(parts) > 1 and len(parts[-2]) <= 2 * len(parts[-1]):
        parts[-2:] = [_whole(parts[-2:])]


def _whole(parts: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    chunks = pa.chunked_array([chunk for part in parts for chunk in part.chunks])
    return pa.chunked_array([pa.concat_arrays(chunks.unify_dictionaries().chunks)])


def _table(
    columns: dict[str, list[pa.ChunkedArray]],
    form: ClickTableForm,
    source: str,
    findings: tuple[Finding, ...],
    unused: tuple[str, ...],
) -> ClickTable:
    """Takes the columns out one by one, so that no more than one is in memory twice."""
    numbers = _matrix(columns, form.numbers)
    label, *instants = (_whole(columns.pop(name)).to_numpy() for name in (form.label, form.at) if name is not None)
    categories = pa.table({name: _whole(columns.pop(name)) for name in form.categories})
    odd = click_findings(label, numbers, form.numbers, categories)
    report = DataReport(
        rows_read={CLICKS: len(label)},
        rows_kept={CLICKS: len(label)},
        findings=(*findings, *odd),
        unused={CLICKS: unused} if unused else {},
    )
    return ClickTable(
        form=form,
        label=label,
        numbers=numbers,
        categories=categories,
        at=instants[0] if instants else None,
        source=source,
        report=report,
    )


def _matrix(columns: dict[str, list[pa.ChunkedArray]], names: tuple[str, ...]) -> Floats:
    """float32 [N, names], null as NaN; in the order of Fortran, because features read it column by column."""
    num_rows = sum(map(len, next(iter(columns.values()))))
    matrix = np.empty((num_rows, len(names)), np.float32, order="F")
    for place, name in enumerate(names):
        matrix[:, place] = _whole(columns.pop(name)).to_numpy()
    return matrix

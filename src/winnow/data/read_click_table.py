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
    parts = list[pa.Table]()
    for part in _typed(files, form, ledger, str(path)):
        _add(parts, part)
    if not parts:
        raise DataError(f"There are no rows in {path}; at least one is wanted.")
    return _table(_together(parts), form, str(path), tuple(summed(ledger.findings)), unused)


def _typed(files: list[Path], form: ClickTableForm, ledger: Ledger, source: str) -> Iterator[pa.Table]:
    for file in files:
        for raw in read_raw_clicks(file, form):
            typed = typed_clicks(raw, form, ledger)
            ledger.close(source)
            if len(typed):
                yield typed


def _add(parts: list[pa.Table], part: pa.Table) -> None:
    """Parts of about one size become one as they come: a frequent value is in the dictionary of every block."""
    parts.append(part)
    while len(parts) > 1 and parts[-2].num_rows <= 2 * parts[-1].num_rows:
        parts[-2:] = [_together(parts[-2:])]


def _together(parts: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def _table(
    rows: pa.Table, form: ClickTableForm, source: str, findings: tuple[Finding, ...], unused: tuple[str, ...]
) -> ClickTable:
    label = rows[form.label].to_numpy()
    numbers = _matrix(rows.select(list(form.numbers)))
    categories = rows.select(list(form.categories))
    odd = click_findings(label, numbers, form.numbers, categories)
    report = DataReport(
        rows_read={CLICKS: len(rows)},
        rows_kept={CLICKS: len(rows)},
        findings=(*findings, *odd),
        unused={CLICKS: unused} if unused else {},
    )
    return ClickTable(
        form=form,
        label=label,
        numbers=numbers,
        categories=categories,
        at=None if form.at is None else rows[form.at].to_numpy(),
        source=source,
        report=report,
    )


def _matrix(columns: pa.Table) -> Floats:
    """float32 [N, columns], null as NaN."""
    matrix = np.empty((columns.num_rows, columns.num_columns), np.float32)
    for place, column in enumerate(columns.columns):
        matrix[:, place] = column.to_numpy()
    return matrix

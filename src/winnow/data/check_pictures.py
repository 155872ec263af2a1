"""Looks whether the pictures that items name are there; none is opened."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.counted_words import counted_words
from winnow.data.ledger import Ledger
from winnow.data.picture_path import NoPictureError, picture_path
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import texts
from winnow.schema.feature import Kind
from winnow.schema.progress import Progress

TOLD_EVERY = 1024
NOWHERE = "That is every picture. Put the files there, or write under 'media' in the schema where they are."


def check_pictures(items: RawColumns, media: Path | None, ledger: Ledger, progress: Progress) -> None:
    """Records items whose picture cannot be had: noted, or refused where no picture at all is there.

    An item that names none is as one that lacks any other value: nothing to tell.

    Args:
        items: the raw table, of which columns of images are looked at.
        media: folder of the pictures; without one there is nothing to look for.
        ledger: where problems go.
        progress: told how many items are looked at.
    """
    if media is None:
        return
    table, folder = items.table, media.resolve()
    images = dict.fromkeys(each.column for each in items.schema.of(items.entity) if each.kind is Kind.IMAGE)
    names = {each: texts(table[each]).values.to_pylist() for each in images if table.column_names.count(each) == 1}
    reasons = {column: _reasons(each, folder, progress) for column, each in names.items()}
    named, missing = _count(names.values()), _count(reasons.values())
    shown = table.select([each for each in items.wanted if table.column_names.count(each) == 1])
    for column, why in reasons.items():
        rows = np.array([reason is not None for reason in why], bool)
        told = counted_words(pa.chunked_array([pa.array(filter(None, why), pa.string())]))
        problem = f"values of '{column}' name no picture in {media} ({told})"
        if missing == named:
            ledger.refuse(items.name, shown, rows, problem, NOWHERE)
        else:
            ledger.note(items.name, shown, rows, problem, "read as missing")


def _count(columns: Iterable[Sequence[str | None]]) -> int:
    return sum(value is not None for column in columns for value in column)


def _reasons(names: Sequence[str | None], folder: Path, progress: Progress) -> list[str | None]:
    """Of each name, why there is no picture; None where there is one, or where none is named."""
    reasons: list[str | None] = []
    for done, name in enumerate(names, 1):
        reasons.append(None if name is None else _reason(folder, name))
        if done % TOLD_EVERY == 0 or done == len(names):
            progress("Looking for pictures", done, len(names))
    return reasons


def _reason(folder: Path, name: str) -> str | None:
    try:
        picture_path(folder, name)
    except NoPictureError as error:
        return str(error)
    return None

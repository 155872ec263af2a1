"""Any raw column of categories, ids or words as text. The one place that says how a value is written."""

import math
from typing import Any

import numpy as np
import pyarrow as pa

from winnow.schema.column import Column, Masked, Ragged
from winnow.schema.errors import SchemaError

_EXACT = 2.0**53


def category_text(value: Any) -> str | None:
    """How a value is written; None for what counts as missing: None, NaN and empty text.

    Whole floats are written as integers, because a column of integers with a gap arrives as floats. Others are written
    as Arrow writes them, because importers turn columns of categories into text with Arrow.
    """
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, float):
        return _float_text(plain)
    return None if plain is None else str(plain) or None


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return pa.scalar(value).cast(pa.string()).as_py()


def texts_of(column: Column) -> list[str | None]:
    """The text of each row, None where missing.

    Raises:
        SchemaError: the column holds lists or vectors.
    """
    if isinstance(column, Ragged):
        raise SchemaError("the column holds lists; one value in each row is wanted.")
    if not isinstance(column, Masked):
        return _texts(column)
    if not np.count_nonzero(column.present):  # as where a request says nothing of its context
        return [None] * len(column)
    texts = _texts(column.values)
    return [text if there else None for text, there in zip(texts, column.present.tolist(), strict=True)]


def _texts(values: np.ndarray[Any, Any]) -> list[str | None]:
    if values.ndim != 1:
        raise SchemaError("the column holds vectors; one value in each row is wanted.")
    if values.dtype.kind in "OU":
        return [(value or None) if type(value) is str else category_text(value) for value in values.tolist()]
    distinct, place = np.unique(values, return_inverse=True)
    texts = [category_text(value) for value in distinct.tolist()]
    return [texts[each] for each in place.tolist()]

"""One raw column from the values of requests."""

import math
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from reprlib import repr as shortened
from typing import Any

import numpy as np

from winnow.features.texts import category_text
from winnow.schema.column import Array, Column, Masked
from winnow.schema.errors import RequestError
from winnow.schema.feature import Feature, Kind
from winnow.schema.transform import LogStandardise

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = float(np.finfo(np.float32).max)
_WORD_LIMIT = 2**64


def value_column(features: Sequence[Feature], rows: Sequence[Mapping[str, Any]]) -> Column:
    """The column that all these features read, as `arrow_column` would make it of the same values.

    Raises:
        RequestError: a value is not what the features can read.
    """
    read, absent = _reader(features)
    name = features[0].column
    values: list[Any] = []
    for place, row in enumerate(rows):
        value = row.get(name)
        try:
            values.append(absent if value is None else read(value))
        except ValueError as error:
            where = f" of row {place}" if len(rows) > 1 else ""
            field = f"The {features[0].entity} field '{name}'{where}"
            message, unquoted = f"{field} is {_shown(value)}; {error}.", f"{field} cannot be read; {error}."
            raise RequestError(message, unquoted) from error
    present = np.array([row.get(name) is not None for row in rows], bool)
    made = _array(values, absent)
    return made if present.all() else Masked(made, present)


def _reader(features: Sequence[Feature]) -> tuple[Callable[[Any], Any], Any]:
    """How to read one value, and what stands where there is none; fitting sees to it that all features agree."""
    kinds = {feature.kind: feature for feature in features}
    if Kind.VECTOR in kinds:
        width = kinds[Kind.VECTOR].width
        return partial(_vector, width=width), np.zeros(width, np.float32)
    if Kind.TIME in kinds:
        return _instant, 0.0
    if Kind.NUMBER in kinds:
        logs = any(isinstance(feature.transform, LogStandardise) for feature in features)
        return (_amount if logs else _number), 0.0
    if Kind.IMAGE in kinds:
        return _picture, None
    return (_text if Kind.TEXT in kinds else _word), None


def _array(values: list[Any], absent: Any) -> Array:
    if isinstance(absent, np.ndarray):
        return np.array(values, np.float32).reshape(len(values), len(absent))
    return np.array(values, object if absent is None else np.float64)


def _number(value: Any) -> float:
    if not isinstance(value, int | float):
        raise ValueError("a number is wanted")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("a finite number is wanted")
    return number


def _amount(value: Any) -> float:
    number = _number(value)
    if number < 0:
        raise ValueError("a number of 0 or more is wanted")
    return number


def _instant(value: Any) -> float:
    if not isinstance(value, str):
        return _number(value)
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("UTC seconds or a date and time such as 2026-11-21T08:30:00Z is wanted") from None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1) / 1e6


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text is wanted")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("text of whole Unicode characters is wanted") from None
    return value


def _word(value: Any) -> str | None:
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, int | float):
        raise ValueError("text or a number is wanted")
    if abs(_number(value)) >= _WORD_LIMIT and isinstance(value, int):
        raise ValueError("a whole number of at most 64 bits is wanted")
    return category_text(value)


def _picture(value: Any) -> bytes:
    """The content of an image file; JSON has no bytes, so there it is base64."""
    if isinstance(value, bytes):
        return value
    try:
        return b64decode(_text(value), validate=True)
    except ValueError:
        raise ValueError("the content of an image file is wanted, as base64 text") from None


def _vector(value: Any, width: int) -> Array:
    if not isinstance(value, list | tuple) or len(value) != width:
        raise ValueError(f"a list of {width} numbers is wanted")
    numbers = np.array([_number(each) for each in value])
    if (np.abs(numbers) > _LARGEST).any():
        raise ValueError(f"numbers of at most {_LARGEST:.1e} are wanted")
    return numbers.astype(np.float32)


def _shown(value: Any) -> str:
    try:
        return shortened(value)
    except ValueError:  # Python refuses to write whole numbers of thousands of digits
        return "a very large number"

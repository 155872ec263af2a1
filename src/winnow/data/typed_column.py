"""Raw Arrow columns, of whatever type a file brought, as the one type that a Dataset keeps of each kind."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.id_spelling import without_zero_fraction
from winnow.schema.column import Array, Bools

SECONDS_IN = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
NUMERAL = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
MISSING_WORDS = pa.array(["na", "n/a", "#n/a", "<na>", "nan", "null", "none", "\\n"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedColumn:
    """A column of a Dataset, before the rows that are wrong have been dealt with.

    Attributes:
        values: N values, null where missing or wrong.
        wrong: bool [N], values that are there and cannot be read.
        repaired: whether values were read as something else than they were stored as.
        stated: bool [N], texts such as `n/a`, which say in words that a number or a time is missing; None for none.
    """

    values: pa.ChunkedArray
    wrong: Bools
    repaired: bool = False
    stated: Bools | None = None


def texts(raw: pa.ChunkedArray) -> TypedColumn:
    """Text of ids, categories and texts; empty text is missing, whole floats (`12346.0`) are written as integers."""
    values = without_nan(plain(raw))
    repaired = pa.types.is_floating(values.type) and _all_whole(values)
    if repaired:
        values = values.cast(pa.int64())
    if not _is_scalar(values.type):
        return _unreadable(values, pa.string())
    text = values.cast(pa.string())
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return TypedColumn(values=_chunked(text), wrong=np.zeros(len(text), bool), repaired=repaired)


def keys(raw: pa.ChunkedArray) -> TypedColumn:
    """Text of ids that rows are found by; `98.0` is `98` where all of them are such numbers, whatever their type."""
    typed = texts(raw)
    whole = without_zero_fraction(typed.values) if is_text(plain(raw).type) else None
    return typed if whole is None else TypedColumn(values=whole, wrong=typed.wrong, repaired=True)


def numbers(raw: pa.ChunkedArray) -> TypedColumn:
    """float64 numbers; NaN is missing, text is parsed, infinities are wrong."""
    values, stated = plain(raw), None
    if is_text(values.type):
        values, stated = _without_missing_words(values)
        parsed, wrong = _parsed_numbers(values)
    elif _is_number(values.type):
        parsed, wrong = values.cast(pa.float64(), safe=False), np.zeros(len(values), bool)
    else:
        return _unreadable(values, pa.float64())
    parsed = without_nan(parsed)
    return TypedColumn(values=parsed, wrong=wrong | true(pc.is_inf(parsed)), stated=stated)


def vectors(raw: pa.ChunkedArray, width: int) -> TypedColumn:
    """Lists of `width` finite numbers, or texts of them such as `[0.5, 1.0]`, as fixed-size float32 lists."""
    values, wanted = plain(raw), pa.list_(pa.float32(), width)
    values = _listed(values) if is_text(values.type) else values
    is_list = pa.types.is_list(values.type) or pa.types.is_large_list(values.type)
    is_list = is_list or pa.types.is_fixed_size_list(values.type)
    if not is_list or not _is_number(values.type.value_type):
        return _unreadable(values, wanted)
    present = true(pc.is_valid(values))
    fits = present & true(pc.equal(pc.list_value_length(values), width))
    dense = np.zeros((len(values), width), np.float32)
    dense[fits] = _flat(values, fits).reshape(-1, width)
    fits &= np.isfinite(dense).all(axis=1)
    typed = pa.FixedSizeListArray.from_arrays(pa.array(dense.ravel()), width, mask=pa.array(~fits))
    return TypedColumn(values=_chunked(typed), wrong=present & ~fits)


def instants(raw: pa.ChunkedArray, unit: str) -> TypedColumn:
    """float64 UTC seconds from numbers in `unit`, or for the unit `timestamp` from date-times and ISO text."""
    if unit in SECONDS_IN:
        typed = numbers(raw)
        scaled = pc.multiply(typed.values, SECONDS_IN[unit])
        return TypedColumn(values=_chunked(scaled), wrong=typed.wrong, stated=typed.stated)
    values = plain(raw)
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        return TypedColumn(values=_seconds(values.cast(pa.timestamp("us"), safe=False)), wrong=_none(values))
    if is_text(values.type):
        text, stated = _without_missing_words(values)
        return replace(_parsed_instants(text), stated=stated)
    return _unreadable(values, pa.float64())


def truths(raw: pa.ChunkedArray) -> TypedColumn:
    """Truth values from true and false, in words or not, and from 1 and 0."""
    values, stated = plain(raw), None
    if is_text(values.type):
        values, stated = _without_missing_words(values)
        words = pc.index_in(pc.utf8_lower(values), pa.array(["false", "true"], values.type))
        values = pc.coalesce(words.cast(values.type), values)
    typed = numbers(values)
    wrong = typed.wrong | true(pc.invert(pc.is_in(typed.values, pa.array([0.0, 1.0, None]))))
    truth = pc.if_else(pa.array(wrong), pa.scalar(None, pa.float64()), typed.values).cast(pa.bool_())
    return TypedColumn(values=_chunked(truth), wrong=wrong, stated=stated)


def plain(raw: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dictionary-encoded columns as their values; others as they are."""
    return raw.cast(raw.type.value_type) if pa.types.is_dictionary(raw.type) else raw


def without_nan(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Floats as float64 with NaN as null; other columns as they are."""
    if not pa.types.is_floating(values.type):
        return values
    wide = values.cast(pa.float64())
    return _chunked(pc.if_else(pc.is_nan(wide), pa.scalar(None, pa.float64()), wide))


def is_text(kind: pa.DataType) -> bool:
    """Whether values of the type are text."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def true(mask: pa.ChunkedArray | pa.Array) -> Bools:
    """An Arrow mask as bool [N]; null counts as false."""
    return np.asarray(pc.fill_null(mask, False), bool)


def _without_missing_words(values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, Bools]:
    """Trimmed text with null where it is empty or says that it is missing, and where it says so."""
    text = pc.utf8_trim_whitespace(values)
    stated = true(pc.is_in(pc.utf8_lower(text), MISSING_WORDS))
    return pc.if_else(pa.array(stated | true(pc.equal(text, ""))), pa.scalar(None, text.type), text), stated


def _parsed_numbers(text: pa.ChunkedArray) -> tuple[pa.ChunkedArray, Bools]:
    try:
        return text.cast(pa.float64()), _none(text)
    except pa.ArrowInvalid:
        wrong = true(pc.invert(pc.match_substring_regex(text, NUMERAL)))
        parsed = pc.if_else(pa.array(wrong), pa.scalar(None, text.type), text).cast(pa.float64())
        return parsed, wrong


def _listed(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text such as `[0.5, 1.0]` as lists of numbers; null in a list stands for what is no number."""
    bare, _ = _without_missing_words(text)
    bare = pc.replace_substring_regex(bare, r"^\[(.*)\]$", r"\1")
    parts = pc.split_pattern(bare, ",").combine_chunks()
    numerals, _ = _parsed_numbers(pc.utf8_trim_whitespace(_chunked(parts.flatten())))
    ends = np.cumsum(pc.fill_null(pc.list_value_length(parts), 0).to_numpy(), dtype=np.int32)
    offsets = pa.array(np.concatenate([np.zeros(1, np.int32), ends]))
    return _chunked(pa.ListArray.from_arrays(offsets, numerals.combine_chunks(), mask=pc.is_null(parts)))


def _parsed_instants(text: pa.ChunkedArray) -> TypedColumn:
    """ISO text; all with or all without a zone is the fast road, a mixture or rubbish is read one by one."""
    for zone in (None, "UTC"):
        try:
            return TypedColumn(values=_seconds(text.cast(pa.timestamp("us", zone))), wrong=_none(text))
        except pa.ArrowInvalid:
            continue
    seconds = [None if each is None else _iso_seconds(each) for each in text.to_pylist()]
    parsed = _chunked(pa.array(seconds, pa.float64()))
    return TypedColumn(values=parsed, wrong=true(pc.is_valid(text)) & true(pc.is_null(parsed)))


def _iso_seconds(text: str) -> float | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _seconds(instant: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    return _chunked(pc.divide(instant.cast(pa.int64()).cast(pa.float64(), safe=False), 1e6))


def _flat(values: pa.ChunkedArray, rows: Bools) -> Array:
    elements = pc.list_flatten(values.filter(pa.array(rows)))
    return pc.fill_null(elements.cast(pa.float32(), safe=False), np.nan).to_numpy()


def _unreadable(values: pa.ChunkedArray, wanted: pa.DataType) -> TypedColumn:
    return TypedColumn(values=_chunked(pa.nulls(len(values), wanted)), wrong=true(pc.is_valid(values)))


def _all_whole(values: pa.ChunkedArray) -> bool:
    present = values.drop_null().to_numpy()
    return len(present) > 0 and bool((np.abs(present) < 2**53).all() and (present == np.floor(present)).all())


def _is_number(kind: pa.DataType) -> bool:
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return number or pa.types.is_boolean(kind)


def _is_scalar(kind: pa.DataType) -> bool:
    return is_text(kind) or _is_number(kind) or pa.types.is_temporal(kind)


def _none(values: pa.ChunkedArray) -> Bools:
    return np.zeros(len(values), bool)


def _chunked(values: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])

"""The moment of a request, as the caller told it, as raw columns of a data set."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from winnow.data.arrow_compute import pc


def logged_context(lists: pa.Table, schema: pa.Schema) -> pa.Table:
    """Columns of a schema, of L served lists; what was not told is missing.

    Args:
        lists: in the form of `logged_lists`.
        schema: raw context columns of a data set.
    """
    told: list[Mapping[str, Any]] = [orjson.loads(each) for each in lists["context"].to_pylist()]
    columns = [_column([each.get(field.name) for each in told], field.type) for field in schema]
    return pa.table(columns, schema=schema)


def list_rows(names: pa.Table, lists: pa.Table) -> pa.Array:
    """int64 [N], which list each row speaks of, null where it speaks of none that was served to its visitor.

    Of lists that share visitor and name the last counts.

    Args:
        names: N rows with `request_id` and `user_id`.
        lists: in the form of `logged_lists`, by time.
    """
    rows = {key: row for row, key in enumerate(_keys(lists))}
    return pa.array([rows.get(key) if key[0] else None for key in _keys(names)], pa.int64())


def _keys(table: pa.Table) -> Sequence[tuple[str, str]]:
    return list(zip(table["request_id"].to_pylist(), table["user_id"].to_pylist(), strict=True))


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The service has checked them, by the schema of its bundle; what that took and this schema does not is missing."""
    if pa.types.is_string(kind):
        return pa.array([None if each is None else str(each) for each in values], kind)
    if pa.types.is_floating(kind):
        numbers = [float(each) if isinstance(each, int | float) else np.nan for each in values]
        return pc.if_else(pc.is_finite(pa.array(numbers, kind)), pa.array(numbers, kind), pa.scalar(None, kind))
    whole = [each if isinstance(each, list) and len(each) == kind.list_size else None for each in values]
    return pa.array(whole, kind)

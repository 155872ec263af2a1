import re
from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest

from winnow.schema.errors import DataError
from winnow.schema.schema import TIME_UNITS

COLUMNS = [
    ("users", "who"),
    ("users", "age"),
    ("items", "sku"),
    ("items", "price"),
    ("items", "look"),
    ("items", "name"),
    ("items", "in_stock"),
]
COLUMNS += [("events", name) for name in ("who", "sku", "what", "when", "device")]
SPOILT = [
    [None] * 12,
    [float("nan"), float("inf"), -1.0, 1e300] * 3,
    ["", "nan", "u1", "i1", "2026-01-01", "5"] * 2,
    [[1.0, 2.0], [1.0], [], None] * 3,
    [["a"], [None]] * 6,
    [True, False, None] * 4,
    [b"bytes", b"\xff"] * 6,
    [{"a": 1}, None] * 6,
    [2**63 - 1, -(2**63), 0, 1] * 3,
    [datetime(2026, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)] * 4,
    [time(12), None] * 6,
    [Decimal("1.25"), Decimal("1e20")] * 6,
]


A_LIST = r"The data in a test cannot be used, \d problems?:(\n- (In|Of) .*[.?])+"


def told(validate, schema, **tables) -> str:
    """The digest of the dataset, or the message of the error."""
    try:
        return validate(schema, **tables).digest
    except DataError as error:
        return str(error)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@pytest.mark.parametrize("values", SPOILT, ids=range(len(SPOILT)))
def test_whatever_a_column_holds_the_answer_is_a_dataset_or_a_sentence(request, table, column, values):
    rows = pa.Table.from_pylist(request.getfixturevalue(table))
    if column == "in_stock":
        rows = rows.append_column(column, pa.nulls(rows.num_rows))
    spoilt = rows.set_column(rows.column_names.index(column), column, pa.array(values[: rows.num_rows]))
    validate, schema = request.getfixturevalue("validate"), request.getfixturevalue("schema")
    schema = replace(schema, available="in_stock" if column == "in_stock" else None)
    for unit in TIME_UNITS if column == "when" else ("s",):
        text = told(validate, replace(schema, events=replace(schema.events, time_unit=unit)), **{table: spoilt})
        assert re.fullmatch(f"[0-9a-f]{{64}}|{A_LIST}", text)

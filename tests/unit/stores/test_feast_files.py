import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.schema.feature import Kind
from winnow.stores.feast_files import FeastFiles, rows_of
from winnow.stores.feature_table import SINCE, WRITTEN, FeatureTable

TABLE = FeatureTable(name="t", key="user_id", columns={"word": Kind.CATEGORY, "age": Kind.NUMBER, "there": None})
GIVEN = pa.table(
    {
        "other": [1, 2],
        "age": pa.array([None, None], pa.null()),
        "there": [True, None],
        "word": pa.array(["a", None]).dictionary_encode(),
        "user_id": ["ann", "bob"],
    }
)
ROWS = rows_of(TABLE, GIVEN, np.array([5, 6]), 2.5)


def test_rows_have_the_types_of_the_table_and_two_instants():
    assert [(each.name, str(each.type)) for each in ROWS.schema] == [
        ("user_id", "string"),
        ("word", "string"),
        ("age", "double"),
        ("there", "bool"),
        (SINCE, "timestamp[us, tz=UTC]"),
        (WRITTEN, "timestamp[us, tz=UTC]"),
    ]
    assert ROWS[SINCE].cast(pa.int64()).to_pylist() == [5, 6]
    assert ROWS[WRITTEN].cast(pa.int64()).to_pylist() == [2_500_000] * 2


def test_what_is_written_again_takes_the_place_of_the_first(tmp_path):
    files = FeastFiles(tmp_path)
    assert files.replace(TABLE, ROWS, 0.0) == 2
    files.add(TABLE, ROWS.slice(1), 7.0)
    files.add(TABLE, ROWS.slice(0, 1), 7.0)
    files.add(TABLE, ROWS, 8.0)
    assert {each.name: pq.read_table(each).num_rows for each in (tmp_path / "t").iterdir()} == {
        "all.parquet": 2,
        "pushed-7000000.parquet": 1,
        "pushed-8000000.parquet": 2,
    }
    files.replace(TABLE, ROWS.slice(0, 0), 7.0)
    assert sorted(each.name for each in (tmp_path / "t").iterdir()) == ["all.parquet", "pushed-8000000.parquet"]


def test_a_writer_that_is_cut_leaves_what_was_there(tmp_path, monkeypatch):
    files = FeastFiles(tmp_path)
    files.replace(TABLE, ROWS, 0.0)

    def cut(_, where, **__):
        where.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", cut)
    with pytest.raises(OSError, match="No space"):
        files.replace(TABLE, ROWS.slice(0, 1), 0.0)
    assert [pq.read_table(each).num_rows for each in (tmp_path / "t").glob("*.parquet")] == [2]

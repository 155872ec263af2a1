from pathlib import Path

import pyarrow as pa
import pytest

from winnow.data.origin import origin_of, with_origin
from winnow.data.table_file import read_table_file

TABLE = pa.table({"a": list(range(1234))})


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (TABLE, "row 1,203"),
        (with_origin(TABLE, Path("far") / "a.parquet"), "a.parquet, row 1,203"),
        (with_origin(TABLE, Path("a.csv"), 1235), "a.csv, line 1204"),
        (with_origin(TABLE, Path("a.csv"), 1236), "a.csv, row 1,203"),
    ],
)
def test_a_row_has_a_place(table, place):
    assert origin_of(table, 1202) == place


def test_what_a_file_said_of_itself_is_kept():
    noted = with_origin(TABLE.replace_schema_metadata({"note": "mine"}), Path("a.parquet"))
    assert noted.schema.metadata[b"note"] == b"mine"
    assert origin_of(noted.select(["a"]), 0) == "a.parquet, row 1"


def test_the_lines_of_one_part_are_not_those_of_the_whole():
    part = with_origin(TABLE, Path("parts") / "1.csv", 1235)
    assert origin_of(with_origin(pa.concat_tables([part, part]), Path("parts")), 1202) == "parts, row 1,203"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("a,b\n1,2\n3,4\n", "a.csv, line 3"),
        ('a,b\n"1\n",2\n3,4\n', "a.csv, row 2"),
        ("a,b\n\n1,2\n3,4\n", "a.csv, row 2"),
    ],
)
def test_a_line_is_told_only_when_every_row_is_one_line(tmp_path, content, place):
    (tmp_path / "a.csv").write_text(content)
    assert origin_of(read_table_file(tmp_path / "a.csv"), 1) == place

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.table_file import read_table, read_table_file
from winnow.schema.errors import DataError

TEXT = 'sku,price,words\n007,1.5,"two\nlines, one value"\n008,,""\n'
ROWS = [
    {"sku": "007", "price": "1.5", "words": "two\nlines, one value"},
    {"sku": "008", "price": None, "words": None},
]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.tsv", "a.tsv.gz"])
def test_a_csv_file_comes_as_text_with_its_zeros(tmp_path, name):
    text = TEXT if ".csv" in name else TEXT.replace("lines,", "lines;").replace(",", "\t").replace(";", ",")
    content = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert read_table_file(tmp_path / name).to_pylist() == ROWS


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_separators_and_encodings_with_a_mark_are_read(tmp_path, separator, encoding):
    text = f"sku{separator}Größe\n007{separator}1,5\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(text.encode(encoding)))
    for name in ("a.csv", "b.csv.gz"):
        assert read_table_file(tmp_path / name).to_pylist() == [{"sku": "007", "Größe": "1,5"}]


def test_a_parquet_file_comes_with_its_types(tmp_path):
    table = pa.table({"a": [1, 2], "b": [[1.0], None]})
    pq.write_table(table, tmp_path / "a.parquet")
    assert read_table_file(tmp_path / "a.parquet").equals(table)


def test_a_missing_file_is_told_with_what_is_there(tmp_path):
    (tmp_path / "item.csv").touch()
    with pytest.raises(DataError, match=r"There is no file .*items\.csv; its folder holds: item\.csv\."):
        read_table_file(tmp_path / "items.csv")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"x", "of no known kind; wanted is one of: .parquet, .csv"),
        ("a.csv", b"", "is empty, without even a header"),
        ("a.parquet", b"", "is empty"),
        ("a.parquet", b"no parquet at all", "cannot be read"),
        ("a.csv.gz", gzip.compress(TEXT.encode() * 999, mtime=0)[:-40], "cannot be read"),
        ("a.csv", "a,b\nMünchen,1\n".encode("latin-1"), "Windows-1252 would make it 'München,1'"),
        ("a.csv", "a,b\nMünchen,1,2\n".encode("latin-1"), "Windows-1252 would make it 'München,1,2'"),
        ("a.csv", b"a;b\n1;2\n1;2;3\n", "the first has 3: '1;2;3'. Is there a semicolon in a value without quotes?"),
        ("a.csv", b" \n1\n", "has no column names in its first line"),
        ("a.csv", b"a,b\n1,2\n1,2,3\n1\n", "2 rows do not have the 2 columns of the header; the first has 3: '1,2,3'"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_a_sentence(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table_file(tmp_path / name)
    assert words in str(caught.value)
    assert name in str(caught.value)


def test_a_folder_of_parts_is_one_table_in_the_order_of_the_names(tmp_path):
    for name, rows in (("b.csv", "3"), ("a.csv", "1\n2")):
        (tmp_path / name).write_text(f"x\n{rows}\n")
    (tmp_path / "notes.md").write_text("not a table")
    sizes = []
    assert read_table(tmp_path, sizes.append)["x"].to_pylist() == ["1", "2", "3"]
    assert sizes[-1] == sum((tmp_path / name).stat().st_size for name in ("a.csv", "b.csv"))


def test_parts_that_differ_and_folders_without_parts_are_refused(tmp_path):
    with pytest.raises(DataError, match="holds no table"):
        read_table(tmp_path)
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "b.csv").write_text("y\n1\n")
    with pytest.raises(DataError, match=r"b\.csv and .*a\.csv differ in their columns"):
        read_table(tmp_path)

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.read_files import read_files
from winnow.schema.errors import DataError
from winnow.schema.progress import silent


def test_files_are_read_by_name_and_progress_ends_at_the_total(tmp_path):
    rows = 150_000
    (tmp_path / "i.csv").write_text("a,b\n" + "12345678,x\n" * rows)
    table = pa.table({"c": pa.array(range(rows), pa.int64())})
    pq.write_table(table, tmp_path / "e.parquet", row_group_size=40_000, use_dictionary=False, compression="none")
    told = []
    paths = {"items": tmp_path / "i.csv", "events": tmp_path / "e.parquet"}
    tables = read_files(paths, lambda *step: told.append(step))
    assert {name: each.num_rows for name, each in tables.items()} == {"items": rows, "events": rows}
    assert tables["events"]["c"].to_pylist() == list(range(rows))
    done = [step[1] for step in told]
    total = sum(path.stat().st_size for path in paths.values())
    assert {step[2] for step in told} == {-(-total // 1_000_000)}
    assert done == sorted(done)
    assert done[-1] == told[-1][2]
    assert done[0] < done[-1]


def test_a_missing_file_is_named_after_the_others_are_measured(tmp_path):
    (tmp_path / "i.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r"There is no file .*e\.csv"):
        read_files({"items": tmp_path / "i.csv", "events": tmp_path / "e.csv"}, silent)

import io

import pytest
from rich.console import Console

from tests.unit.serving.said_of_item import said
from winnow.data.open_dataset import open_dataset
from winnow.ops.import_data import import_data
from winnow.ops.service_records import ServiceRecords
from winnow.schema.errors import DataError
from winnow.serving.items.item_log import ItemLog

SCHEMA = """\
tables: {items: things.csv, events: clicks.csv}
events: {type: null}
features: [{name: item, of: item, kind: id, column: item_id, transform: vocabulary}]
"""


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "schema.yaml").write_text(SCHEMA)
    (folder / "things.csv").write_text("item_id\na\nb\n")
    (folder / "clicks.csv").write_text("user_id,item_id,timestamp\nu,a,1767268800\nv,b,1767268801\n")
    return folder


def drawn(job, *args, **kwargs):
    text = io.StringIO()
    return job(*args, Console(file=text, width=100), **kwargs), text.getvalue()


def test_checking_reads_with_a_bar_and_writes_nothing(shop, tmp_path):
    report, bars = drawn(import_data, shop, None)
    assert report.rows_kept["events"] == 2
    assert "Reading data, MB" in bars
    assert "12/12" in bars
    assert "left" in bars
    assert [each.name for each in tmp_path.iterdir()] == ["raw"]


def test_importing_writes_what_opens_again(shop, tmp_path):
    _, bars = drawn(import_data, shop, None, out=tmp_path / "clean")
    assert "Writing rows" in bars
    assert "4/4" in bars
    assert open_dataset(tmp_path / "clean").digest == open_dataset(shop).digest


def test_what_came_over_http_is_in_what_is_written_and_told(shop, tmp_path):
    log = ItemLog(tmp_path / "state")
    log.append(said("c", {}))
    log.append(said("a", None))
    report, _ = drawn(
        import_data, shop, None, out=tmp_path / "clean", records=ServiceRecords(changes=tmp_path / "state")
    )
    log.close()
    assert report.lines()[3:] == (
        "items: 1 changed over HTTP: added (first: c)",
        "items: 1 changed over HTTP: withdrawn (first: a)",
    )
    clean = open_dataset(tmp_path / "clean")
    assert clean.items.to_pylist() == [
        {"item_id": "a", "available": False},
        {"item_id": "b", "available": None},
        {"item_id": "c", "available": None},
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clean", "raw", "state"]


def test_a_state_folder_without_a_log_is_refused_before_anything_is_read(shop, tmp_path):
    (shop / "things.csv").unlink()
    with pytest.raises(DataError, match="There is no item log"):
        drawn(import_data, shop, None, out=tmp_path / "clean", records=ServiceRecords(changes=tmp_path))


def test_a_taken_target_is_refused_before_anything_is_read(shop, tmp_path):
    drawn(import_data, shop, None, out=tmp_path / "clean")
    (shop / "things.csv").unlink()
    with pytest.raises(DataError, match="already holds a data set"):
        drawn(import_data, shop, None, out=tmp_path / "clean")

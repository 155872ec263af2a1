import gzip
from pathlib import Path

import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.sequences import LAST_AT, SEQUENCE_SCHEMA
from winnow.data.split import split_by_time
from winnow.data.write_dataset import write_dataset
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity

BEAUTY = "e7026363785a947d7c814cc9a4029d52ecd9fe362c13b0e59e8264dd2b503c25"


@pytest.fixture
def write(tmp_path):
    """Writes a file of sequences and gives its path."""

    def run(content, name="lines.txt"):
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / name

    return run


def events_of(dataset, user):
    rows = [each for each in dataset.events.to_pylist() if each["user_id"] == user]
    return [(each["item_id"], each["at"] - LAST_AT) for each in rows]


def test_a_line_is_a_user_and_its_items_in_order(write):
    path = write("ann k7 k8 k7 k7\n  007\tk8 x/y \r\nbob é k8")
    dataset = open_dataset(path)
    assert events_of(dataset, "ann") == [("k7", -3), ("k8", -2), ("k7", -1), ("k7", 0)], "repeats are kept"
    assert events_of(dataset, "007") == [("k8", -1), ("x/y", 0)]
    assert events_of(dataset, "bob") == [("é", -1), ("k8", 0)]
    assert dataset.users.to_pylist() == [{"user_id": each} for each in ("ann", "007", "bob")]
    assert dataset.items.to_pylist() == [{"item_id": each} for each in ("k7", "k8", "x/y", "é")]
    assert set(dataset.events["event_type"].to_pylist()) == {"click"}
    assert dataset.source == str(path)
    assert dataset.report.findings == ()
    assert dataset.report.rows_kept == {"users": 3, "items": 4, "events": 8}


def test_nothing_but_ids_and_order_is_a_feature(write):
    schema = open_dataset(write("a x y\nb x y\n")).schema
    assert [(each.name, each.entity) for each in schema] == [("history", Entity.USER), ("item_id", Entity.ITEM)]
    assert schema.history.length == 50
    assert schema.history.types == schema.events.positives == ("click",)
    assert not SEQUENCE_SCHEMA.of(Entity.CONTEXT).features


def test_an_imported_file_is_the_same_data_set(write, tmp_path):
    dataset = open_dataset(write("a x y x\nb x y\nc z\n"))
    write_dataset(dataset, tmp_path / "clean")
    assert open_dataset(tmp_path / "clean").digest == dataset.digest


def test_a_file_may_be_gzipped_and_may_bear_the_mark_of_utf_8(write):
    digest = open_dataset(write("a x y\nb x y\n")).digest
    assert open_dataset(write(gzip.compress(b"a x y\nb x y\n"), "lines.txt.gz")).digest == digest
    assert open_dataset(write(b"\xef\xbb\xbfa x y\nb x y\n")).digest == digest


def test_what_is_odd_and_can_be_used_is_counted_with_its_line(write):
    dataset = open_dataset(write("a x y\n\nb\nc x\nd y z\n"))
    assert [(each.problem, each.count, each.action) for each in dataset.report.findings] == [
        ("users have no item in their line", 1, "kept"),
        ("users have a single item, after which nothing follows", 1, "kept"),
        ("rows have no user_id", 1, "dropped"),
    ]
    lines = [each.example.split(" (")[0] for each in dataset.report.findings]
    assert lines == ["lines.txt, line 3", "lines.txt, line 4", "lines.txt, line 2"]
    assert dataset.users["user_id"].to_pylist() == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"lines\.txt is empty; wanted is a line for each user: user item item"),
        (b"\n \n", r"lines\.txt is empty"),
        (b"a x y\nb x\na y z\n", r"1 of 3 rows have a user_id that an earlier row has: first lines\.txt, line 3"),
        (b"1,2,3\n4,5\n6 7\n", r"2 of 3 users have no item in their line: first lines\.txt, line 1 .* White space"),
        (b"a x y z\n", "name 1 user and 3 items; .* at least 2 of each are wanted"),
        ("a x\n".encode("utf-16"), "is not UTF-8 text, for it holds byte 0xFF in line 1"),
        (b"a x\nb \xe9\n", "is not UTF-8 text, for it holds byte 0xE9 in line 2"),
        (b"a x\nb \x00x\n", "is not UTF-8 text, for it holds a zero byte in line 2"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(write, content, sentence):
    with pytest.raises(DataError, match=sentence):
        open_dataset(write(content))


@pytest.mark.parametrize("content", [b"a x\n", gzip.compress(b"a x y\n" * 99, mtime=0)[:-9]])
def test_a_damaged_archive_is_refused(write, content):
    with pytest.raises(DataError, match="cannot be read: "):
        open_dataset(write(content, "lines.txt.gz"))


def test_a_table_and_a_file_with_a_schema_belong_into_a_folder(write):
    with pytest.raises(DataError, match="is a file; give the folder that it is in"):
        open_dataset(write("a x y\n", "lines.csv"))
    with pytest.raises(DataError, match=r"or a file of sequences: .* needs no schema"):
        open_dataset(write("a x y\n"), write("tables: {}", "schema.yaml"))


def test_invented_times_cannot_be_cut_by_days(write):
    with pytest.raises(DataError, match=r"leave everybody's last events out: --recipe sequential"):
        split_by_time(open_dataset(write("a x y\nb x y\n")), 7.0)


def test_beauty_is_read_whole(winnow_data: Path):
    dataset = open_dataset(winnow_data / "amazon-beauty-sequences" / "Beauty.txt")
    assert dataset.report.rows_kept == {"users": 22_363, "items": 12_101, "events": 198_502}
    assert dataset.report.findings == ()
    assert dataset.digest == BEAUTY

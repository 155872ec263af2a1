import gzip

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.schema.errors import DataError, SchemaError

SCHEMA = """\
tables: {users: people.csv.gz, items: things.csv, events: clicks.parquet}
keys: {user: who, item: sku}
title: name
events: {user: who, item: sku, time: when, type: null, time_unit: ms}
features:
  - {name: age, of: user, kind: number, transform: standardise}
  - {name: price, of: item, kind: number, transform: log_standardise, card: true}
  - {name: hour, of: context, kind: time, column: when, transform: cyclical_hour}
"""


@pytest.fixture
def folder(tmp_path):
    """A generic folder with a compressed CSV, a CSV and a Parquet file."""
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "people.csv.gz").write_bytes(gzip.compress(b"who,age\n01,31\n02,\n"))
    (tmp_path / "things.csv").write_text("sku,price,name\na,1.5,A thing\nb,2,Another\n")
    clicks = {
        "who": ["01", "02", "02"],
        "sku": ["b", "a", "b"],
        "when": [1_767_268_800_500, 1_767_268_801_000, 1_767_268_799_000],
    }
    pq.write_table(pa.table(clicks), tmp_path / "clicks.parquet")
    return tmp_path


def test_a_folder_with_a_schema_file_opens_as_it_says(folder):
    dataset = open_dataset(folder)
    assert dataset.users.to_pylist() == [{"user_id": "01", "age": 31.0}, {"user_id": "02", "age": None}]
    assert dataset.items["price"].to_pylist() == [1.5, 2.0]
    assert dataset.events.to_pylist()[2] == {
        "user_id": "02",
        "item_id": "a",
        "event_type": "click",
        "at": 1_767_268_801.0,
    }
    assert dataset.source == str(folder)


def test_a_schema_file_may_lie_elsewhere(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "my.yaml"
    (folder / "schema.yaml").rename(elsewhere)
    assert open_dataset(folder, elsewhere).events.num_rows == 3


def test_a_wrong_schema_file_is_a_schema_error(folder):
    (folder / "schema.yaml").write_text(SCHEMA.replace("kind: number", "kind: numbr"))
    with pytest.raises(SchemaError, match="numbr"):
        open_dataset(folder)


def test_a_file_that_the_schema_names_must_be_there(folder):
    (folder / "things.csv").unlink()
    with pytest.raises(DataError, match=r"There is no file .*things\.csv"):
        open_dataset(folder)


def test_problems_name_the_folder(folder):
    (folder / "things.csv").write_text("sku,price,name\na,dear,A thing\nb,2,Another\n")
    with pytest.raises(DataError, match=f"The data in {folder} cannot be used, 1 problem"):
        open_dataset(folder)


def test_a_row_that_is_wrong_is_named_with_its_file_and_line_and_with_who_asked(folder):
    (folder / "things.csv").write_text("sku;price;name\na;2;A thing\nb;1,5;Another\n")
    with pytest.raises(DataError) as caught:
        open_dataset(folder)
    assert "first things.csv, line 3 (sku=b, price=1,5, name=Another)" in str(caught.value)
    assert "with a point before decimals" in str(caught.value)
    assert f"the feature 'price' reads ({folder / 'schema.yaml'}, line 7, column 12)" in str(caught.value)


def test_words_that_say_missing_are_reported_with_file_and_line(folder):
    (folder / "things.csv").write_text("sku,price,name\na,n/a,A thing\nb,2,Another\n")
    dataset = open_dataset(folder)
    (finding,) = dataset.report.findings
    assert dataset.items["price"].to_pylist() == [None, 2.0]
    assert (finding.table, finding.count, finding.action) == ("items", 1, "read as missing")
    assert finding.problem == "values of 'price' say in words that they are missing (n/a 1)"
    assert finding.example == "things.csv, line 2 (sku=a, price=n/a, name=A thing)"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("time: when", "time: ^whenn", "write column: whenn. Or is events.time ({}) wrong?"),
        ("type: null", "type: ^what", "column 'what', which the schema names under events.type ({})"),
        ("title: name", "available: ^left", "column 'left', which the schema names under available ({})"),
        ("column: when", "column: ^who", "{}: The context feature 'hour' reads the time column 'who'"),
        ("column: when", "column: ^wenn", "{}: The context feature 'hour' reads the time column 'wenn'"),
        ("events: {user: who, item: sku", "events: {user: who, item: ^who", "The column is 'who' ({})."),
        ("events: {user: who", "events: {session: ^visit, user: who", "the schema names under events.session ({})"),
        ("title: name", "title: ^nam", "column 'nam', which the schema names under title ({})"),
        ("name: price, of: item,", "name: price, of: item, column: ^name,", "the feature 'price' reads ({})"),
        ("time_unit: ms", "time_unit: ^s", "Write time_unit: ms ({})."),
        ("{name: price, of", "{name: ^cost, of", "no column 'cost', which the feature 'cost' reads ({})"),
    ],
)
def test_a_wrong_mapping_is_shown_where_the_schema_file_has_it(folder, old, new, words):
    assert SCHEMA.count(old) == 1
    before, _, after = SCHEMA.replace(old, new).partition("^")
    (folder / "schema.yaml").write_text(before + after)
    with pytest.raises(DataError) as caught:
        open_dataset(folder)
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert words.format(f"{folder / 'schema.yaml'}, line {line}, column {column}") in str(caught.value)


def test_a_default_that_does_not_fit_is_told_as_one(folder):
    (folder / "schema.yaml").write_text(SCHEMA.replace("events: {user: who, ", "events: {"))
    with pytest.raises(
        DataError, match=r"no column 'user_id', which the schema names under events\.user \(by default;"
    ):
        open_dataset(folder)


def test_progress_is_told_up_to_the_end(folder):
    told = {}
    open_dataset(folder, progress=lambda what, done, total: told.update({what: (done, total)}))
    assert list(told) == ["Reading data, MB", "Checking data"]
    assert all(done == total for done, total in told.values())


def test_an_unknown_layout_says_what_was_looked_for(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(DataError) as caught:
        open_dataset(tmp_path)
    for word in ("schema.yaml", "items.csv.gz", "interactions.parquet", "It holds: notes.txt"):
        assert word in str(caught.value)


def test_a_path_that_is_no_folder_is_told(folder):
    with pytest.raises(DataError, match="does not exist"):
        open_dataset(folder / "nowhere")
    with pytest.raises(DataError, match="is a file; give the folder"):
        open_dataset(folder / "things.csv")


def test_a_csv_of_the_same_rows_gives_the_same_dataset(folder):
    digest = open_dataset(folder).digest
    pv.write_csv(pq.read_table(folder / "clicks.parquet"), folder / "clicks.csv")
    (folder / "schema.yaml").write_text(SCHEMA.replace("clicks.parquet", "clicks.csv"))
    assert open_dataset(folder).digest == digest

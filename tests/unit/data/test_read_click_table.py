import gzip

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.data import read_raw_clicks
from winnow.data.click_table_form import ClickTableForm
from winnow.data.read_click_table import read_click_table
from winnow.schema.errors import DataError

FORM = ClickTableForm(numbers=("x", "y"), categories=("a", "b"))
TIMED = ClickTableForm(numbers=("x",), categories=(), at="when", time_unit="ms")
ROWS = "1\t3\t-1.5\tred\tu\n0\t\t2\t\tv\n1\t7\t\tred\tw\n"


@pytest.fixture
def write(tmp_path):
    """Writes a file of clicks and gives its path."""

    def run(content, name="clicks.tsv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return run


def problems(table):
    return [(each.problem, each.count, each.example, each.action) for each in table.report.findings]


def assert_equal(one, other):
    assert one.label.tolist() == other.label.tolist()
    assert one.numbers.tobytes() == other.numbers.tobytes()
    assert one.categories.to_pydict() == other.categories.to_pydict()


def test_a_row_is_a_label_numbers_and_categories_and_nothing_is_missing(write):
    path = write(ROWS)
    table = read_click_table(path, FORM)
    assert (table.label.dtype, table.label.tolist()) == (bool, [True, False, True])
    assert table.numbers.dtype == np.float32
    np.testing.assert_array_equal(table.numbers, [[3, -1.5], [np.nan, 2], [7, np.nan]])
    assert table.categories.to_pydict() == {"a": ["red", None, "red"], "b": ["u", "v", "w"]}
    assert table.categories["a"].type == pa.dictionary(pa.int32(), pa.string())
    assert (len(table), table.positives, table.at, table.number_names) == (3, 2, None, ("x", "y"))
    assert table.source == str(path)
    assert table.report.rows_read == table.report.rows_kept == {"clicks": 3}


def test_with_a_header_columns_stand_in_any_order_and_others_are_left(write):
    table = read_click_table(write("b\tx\tlabel\textra\ta\ty\nu\t3\t1\tq\tred\t-1.5\n"), FORM)
    assert (table.label.tolist(), table.numbers.tolist()) == ([True], [[3, -1.5]])
    assert table.categories.to_pydict() == {"a": ["red"], "b": ["u"]}
    assert table.report.unused == {"clicks": ("extra",)}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (gzip.compress(ROWS.encode()), "clicks.tsv.gz"),
        ("\ufeff" + ROWS, "clicks.tsv"),
        (ROWS.replace("\n", "\r\n"), "clicks.tsv"),
        (ROWS.rstrip("\n"), "clicks.tsv"),
    ],
    ids=["gzipped", "with a mark", "lines of Windows", "no last end"],
)
def test_text_may_be_gzipped_bear_a_mark_and_end_its_lines_in_any_way(write, content, name):
    assert_equal(read_click_table(write(content, name), FORM), read_click_table(write(ROWS, "plain.tsv"), FORM))


def test_a_quote_is_a_character_like_any_other(write):
    table = read_click_table(write('1\t1\t1\t"red\tu\n0\t2\t2\tblue"\tv\n'), FORM)
    assert table.categories["a"].to_pylist() == ['"red', 'blue"']


def test_a_folder_is_read_by_the_numbers_in_its_names(write):
    for day in (0, 2, 10):
        write(f"{day % 4 // 2}\t{day}\t{day}\td{day}\tu\n", f"days/day_{day}.tsv")
    folder = write("no rows", "days/readme.txt").parent
    table = read_click_table(folder, FORM)
    assert table.numbers[:, 0].tolist() == [0, 2, 10]
    assert table.categories["a"].to_pylist() == ["d0", "d2", "d10"]


def test_instants_become_seconds(write):
    table = read_click_table(write("1\t5\t1700000000500\n0\t6\t1700000001000\n"), TIMED)
    assert (table.at.dtype, table.at.tolist()) == (np.float64, [1_700_000_000.5, 1_700_000_001.0])
    assert table.categories.num_columns == 0


def test_blocks_make_one_table_with_one_dictionary(write, monkeypatch):
    monkeypatch.setattr(read_raw_clicks, "BLOCK_BYTES", 200)
    rows = "".join(f"{n % 2}\t{n}\t\tc{n % 7}\tc{n}\n" for n in range(300))
    table = read_click_table(write(rows), FORM)
    assert table.numbers[:, 0].tolist() == list(range(300))
    assert table.categories["a"].to_pylist() == [f"c{n % 7}" for n in range(300)]
    assert table.categories["b"].to_pylist() == [f"c{n}" for n in range(300)]
    assert [table.categories[name].num_chunks for name in ("a", "b")] == [1, 1]
    assert len(table.categories["a"].chunk(0).dictionary) == 7
    assert table.categories.nbytes < 2 * 300 * 8 * 2, "codes are kept and not texts"


WORDS = st.none() | st.sampled_from(["a", "b", "007", "é x", "nan"])
NUMBERS = st.none() | st.floats(-1e6, 1e6, width=32)


@given(st.lists(st.tuples(st.booleans(), NUMBERS, NUMBERS, WORDS, WORDS), min_size=1, max_size=12))
def test_the_same_rows_as_text_and_as_parquet_are_equal_arrays(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("both")
    text = ["\t".join("" if each is None else str(each) for each in (int(label), *rest)) for label, *rest in rows]
    (folder / "clicks.tsv").write_text("\n".join(text) + "\n", encoding="utf-8")
    types = [pa.bool_(), pa.float64(), pa.float64(), pa.string(), pa.string()]
    columns = {
        name: pa.array(values, kind)
        for name, values, kind in zip(FORM.columns, zip(*rows, strict=True), types, strict=True)
    }
    pq.write_table(pa.table(columns), folder / "clicks.parquet", row_group_size=5)
    one, other = (read_click_table(folder / name, FORM) for name in ("clicks.tsv", "clicks.parquet"))
    assert_equal(one, other)
    assert problems(one) == problems(other)


def test_parquet_may_hold_whole_numbers_as_categories_and_empty_text(tmp_path):
    columns = {"label": [1, 0], "x": [1, None], "y": [0.5, 1], "a": [7.0, None], "b": ["", "v"]}
    pq.write_table(pa.table(columns), tmp_path / "clicks.parquet")
    table = read_click_table(tmp_path / "clicks.parquet", FORM)
    assert table.categories.to_pydict() == {"a": ["7", None], "b": [None, "v"]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("2\t1\t1\ta\tb\n", r"clicks\.tsv, line 1: 'label' is '2', where a label is 0 or 1\. Mend"),
        (ROWS + "\t1\t1\ta\tb\n", r"line 4: 'label' is missing, where a label is 0 or 1"),
        (ROWS + "x\t1\t1\ta\tb\n" * 3, r"line 4: 'label' is 'x', .* and so do 2 of the 6 rows"),
        (ROWS + "1\t1\tten\ta\tb\n", r"line 4: 'y' is 'ten', where a finite number"),
        (ROWS + "1\tinf\t1\ta\tb\n", r"line 4: 'x' is 'inf', where a finite number"),
        (ROWS + "1\t1e39\t1\ta\tb\n", r"line 4: 'x' is '1e39', where a finite number up to 3\.4e\+38"),
        (ROWS + "1\t1\t1\ta\n", r"line 4 has 4 columns, not the 5 that are wanted, label to b: '1\\t1\\t1\\ta'"),
        ("label\tx\ty\ta\tb\n" + ROWS + "1\t1\t1\ta\tb\tc\n", r"line 5 has 6 columns, not the 5 of the header"),
        ("label\tx\ty\tb\n1\t1\t1\tb\n", r"has no column 'a'; it has: label, x, y, b\. Say in a ClickTableForm"),
        ("label\tx\tx\ty\ta\tb\n", r"has 2 columns named 'x'"),
        ("label\tx\ty\ta\tb\n", r"There are no rows in .*; at least one is wanted"),
        ("", r"clicks\.tsv is empty"),
        (ROWS.encode() + b"1\t1\t1\t\xff\tb\n", r"is not UTF-8 text: byte 0xFF in line 4"),
        ("PK\x03\x04rest", r"no CSV text but an Excel workbook"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(write, content, sentence):
    with pytest.raises(DataError, match=sentence):
        read_click_table(write(content), FORM)


def test_all_that_is_wrong_in_a_piece_is_said_at_once(write):
    with pytest.raises(DataError, match=r"2 problems:\n.*line 1: 'label' is '5'.*\n.*line 2: 'x' is '\?'"):
        read_click_table(write("5\t1\t1\ta\tb\n1\t?\t1\ta\tb\n"), FORM)


def test_lines_are_counted_across_blocks(write, monkeypatch):
    monkeypatch.setattr(read_raw_clicks, "BLOCK_BYTES", 64)
    header = "label\tx\ty\ta\tb\n"
    with pytest.raises(DataError, match="line 92: 'x' is 'no'"):
        read_click_table(write(header + ROWS * 30 + "1\tno\t1\ta\tb\n"), FORM)
    with pytest.raises(DataError, match="line 92 has 2 columns"):
        read_click_table(write(header + ROWS * 30 + "1\t2\n" + ROWS), FORM)


def test_rows_of_parquet_are_counted_across_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(read_raw_clicks, "BATCH_ROWS", 4)
    pq.write_table(
        pa.table(
            {
                "label": [0, 1] * 5 + [3],
                "x": range(11),
                "y": range(11),
                "a": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"],
                "b": ["u"] * 11,
            }
        ),
        tmp_path / "c.parquet",
    )
    with pytest.raises(DataError, match=r"c\.parquet, row 11: 'label' is '3'"):
        read_click_table(tmp_path / "c.parquet", FORM)


def test_an_instant_must_be_there(write):
    with pytest.raises(DataError, match=r"line 2: 'when' is missing, where an instant is wanted, in ms"):
        read_click_table(write("1\t5\t1700000000500\n0\t6\t\n"), TIMED)


def test_lists_are_no_category(tmp_path):
    columns = {"label": [1], "x": [1], "y": [1], "a": [[1, 2]], "b": ["u"]}
    pq.write_table(pa.table(columns), tmp_path / "c.parquet")
    with pytest.raises(DataError, match=r"'a' is '\[1, 2\]', of the Arrow type list<.*>, where text is wanted"):
        read_click_table(tmp_path / "c.parquet", FORM)


def test_a_path_that_leads_nowhere_is_named_with_what_is_there(write, tmp_path):
    write(ROWS, "days/clicks.txt")
    with pytest.raises(DataError, match=r"There is no file .*gone\.tsv; its folder holds: days"):
        read_click_table(tmp_path / "gone.tsv", FORM)
    with pytest.raises(DataError, match="of no known kind"):
        read_click_table(tmp_path / "days" / "clicks.txt", FORM)
    with pytest.raises(DataError, match="holds no table of clicks"):
        read_click_table(tmp_path / "days", FORM)


@pytest.mark.parametrize("name", ["broken.parquet", "broken.tsv.gz"])
def test_a_damaged_file_is_named(write, name):
    with pytest.raises(DataError, match=f"{name} cannot be read"):
        read_click_table(write("PAR1 no more", name), FORM)


def test_what_is_odd_is_counted_and_kept(write):
    table = read_click_table(write("0\t5\t\tred\t\n0\t5\tNA\tred\t\n0\t\tn/a\t\t\n"), FORM)
    assert problems(table) == [
        ("values of 'y' say in words that they are missing", 2, "clicks.tsv, line 2 (y=NA)", "read as missing"),
        ("rows have the label 0 and none has 1, so that there is nothing to learn", 3, "label=0", "kept"),
        ("rows have the same value in 'x', and no row has another", 2, "x=5", "kept"),
        ("rows have no value in 'y', which says nothing", 3, "y is missing", "kept"),
        ("rows have the same value in 'a', and no row has another", 2, "a=red", "kept"),
        ("rows have no value in 'b', which says nothing", 3, "b is missing", "kept"),
    ]


def test_findings_of_all_pieces_are_one(write, monkeypatch):
    monkeypatch.setattr(read_raw_clicks, "BLOCK_BYTES", 64)
    table = read_click_table(write("1\tNA\t1\ta\tb\n0\t1\t2\tc\td\n" * 40), FORM)
    assert problems(table)[0][:3] == (
        "values of 'x' say in words that they are missing",
        40,
        "clicks.tsv, line 1 (x=NA)",
    )


def test_the_first_rows_of_criteo_are_read_whole(winnow_data):
    table = read_click_table(winnow_data / "criteo-10k" / "criteo_10k.tsv")
    assert (len(table), table.positives) == (10_000, 2_182)
    assert (table.numbers.shape, table.categories.num_columns) == ((10_000, 13), 26)
    first = [1, 1, 5, 0, 1382, 4, 15, 2, 181, 1, 2, np.nan, 2]
    np.testing.assert_array_equal(table.numbers[0], np.float32(first))
    assert np.nanmin(table.numbers, axis=0)[:3].tolist() == [0, -2, 0]
    assert table.categories["C1"][0].as_py() == "68fd1e64"
    assert table.categories["C22"][0].as_py() is None
    assert table.report.findings == ()

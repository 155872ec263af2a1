import pyarrow as pa
import pyarrow.csv as pv
import pytest

from winnow.ops.label_report import LabelReport, check_new_file
from winnow.schema.errors import DataError


def report(num_items=3, num_missing=2):
    rows = {
        "item_id": [f"i{n}" for n in range(num_items)],
        "title": ['Lamp, "large"', *[None] * (num_items - 1)],
        "rank": [1] * num_items,
        "suggestion": ["home"] * num_items,
        "score": [0.1234] * num_items,
    }
    table = pa.table(
        rows,
        schema=pa.schema(
            {
                "item_id": pa.string(),
                "title": pa.string(),
                "rank": pa.int64(),
                "suggestion": pa.string(),
                "score": pa.float64(),
            }
        ),
    )
    return LabelReport(feature="kind", labels=("home",), num_items=9, num_missing=num_missing, rows=table, check=None)


def test_what_is_written_reads_back_and_leaves_nothing_beside_it(tmp_path):
    report().write(tmp_path / "labels.csv")
    back = pv.read_csv(tmp_path / "labels.csv").to_pylist()
    assert back[0] == {"item_id": "i0", "title": 'Lamp, "large"', "rank": 1, "suggestion": "home", "score": 0.1234}
    assert [each.name for each in tmp_path.iterdir()] == ["labels.csv"]


def test_no_suggestions_are_a_file_with_a_header_alone(tmp_path):
    made = report()
    LabelReport(feature="kind", labels=(), num_items=9, num_missing=0, rows=made.rows.slice(0, 0), check=None).write(
        tmp_path / "labels.csv"
    )
    assert (tmp_path / "labels.csv").read_text().split() == ['"item_id","title","rank","suggestion","score"']


def test_what_is_there_is_never_replaced(tmp_path):
    (tmp_path / "items.csv").write_text("the shop's own")
    with pytest.raises(DataError, match=r"items\.csv is there already; nothing was written"):
        report().write(tmp_path / "items.csv")
    assert (tmp_path / "items.csv").read_text() == "the shop's own"
    with pytest.raises(DataError, match="is there already"):
        check_new_file(tmp_path)


def test_items_of_which_nothing_is_said_are_counted():
    assert report(num_items=3, num_missing=5).lines()[0] == (
        "5 of 9 items have no kind; 2 of them have nothing to tell it from. Labels to choose from: 1."
    )


def test_a_shop_that_lacks_nothing_is_told_so():
    assert "Each of the 9 items has a kind" in report(num_items=1, num_missing=0).lines()[0]


def test_the_first_suggestions_are_shown_and_the_others_counted():
    assert report(num_items=1).first_rows() == ['0.12  home                  i0  Lamp, "large"']
    assert len(report(num_items=20).first_rows()) == 20
    assert report(num_items=23).first_rows()[-1] == "and 3 more; --out FILE.csv writes all."

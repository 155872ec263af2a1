import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.schema.errors import DataError

ITEMS = (
    "ITEM_ID,PRICE,CATEGORY_L1,CATEGORY_L2,PRODUCT_NAME,PRODUCT_DESCRIPTION,GENDER,PROMOTED\n"
    'a,129.99,accessories,bag,Blue Bag,"A bag, blue.",F,N\n'
    "b,9,books,novel,Long Novel,,Any,True\n"
)
EVENTS = {
    "ITEM_ID": ["a", "b", "a", "b", "a"],
    "USER_ID": [1, 2, 2, 2, 1],
    "EVENT_TYPE": ["View", "AddToCart", "ViewCart", "StartCheckout", "Purchase"],
    "TIMESTAMP": [1_767_268_800 + n for n in range(5)],
    "DISCOUNT": ["No"] * 5,
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "items.csv.gz").write_bytes(gzip.compress(ITEMS.encode()))
    (tmp_path / "users.csv.gz").write_bytes(gzip.compress(b"USER_ID,AGE,GENDER\n1,31,M\n2,58,F\n"))
    pq.write_table(pa.table(EVENTS), tmp_path / "interactions.parquet")
    return tmp_path


def test_the_layout_is_known_and_its_words_are_ours(folder):
    dataset = open_dataset(folder)
    assert dataset.events["event_type"].to_pylist() == ["view", "cart", "purchase"]
    assert dataset.users.to_pylist()[0] == {"user_id": "1", "age": 31.0, "gender": "M"}
    assert dataset.items["text"].to_pylist() == ["Blue Bag. A bag, blue.", "Long Novel"]
    assert dataset.items["title"].to_pylist() == ["Blue Bag", "Long Novel"]


def test_checkout_events_and_the_discount_are_left_out_and_reported(folder):
    report = open_dataset(folder).report
    (finding,) = report.findings
    assert (finding.count, finding.action) == (2, "dropped")
    assert "StartCheckout 1" in finding.problem
    assert "ViewCart 1" in finding.problem
    assert report.unused == {"events": ("DISCOUNT",)}


def test_a_missing_column_is_named_as_the_file_names_it(folder):
    (folder / "items.csv.gz").write_bytes(gzip.compress(ITEMS.replace("PRICE", "COST").encode()))
    with pytest.raises(DataError, match=r"items\.csv\.gz has no column PRICE; it has: ITEM_ID, COST"):
        open_dataset(folder)


def test_the_real_store_opens_whole(winnow_data):
    dataset = open_dataset(winnow_data / "retail-demo-store")
    assert dataset.report.rows_read == {"users": 6_000, "items": 2_465, "events": 675_004}
    assert dataset.report.rows_kept == {"users": 6_000, "items": 2_465, "events": 581_900 + 46_552 + 5_819}
    assert [finding.count for finding in dataset.report.findings] == [29_095 + 11_638]


def test_the_layouts_columns_win_over_others_of_the_same_name(folder):
    wide = ITEMS.replace("ITEM_ID,PRICE", "price,ITEM_ID,PRICE").replace("\na,", "\n1,a,").replace("\nb,", "\n2,b,")
    (folder / "items.csv.gz").write_bytes(gzip.compress(wide.encode()))
    assert open_dataset(folder).items["price"].to_pylist() == [129.99, 9.0]

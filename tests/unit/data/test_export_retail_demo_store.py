import json
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.data.export_retail_demo_store import check_export_target, export_retail_demo_store
from winnow.data.open_dataset import open_dataset
from winnow.data.raw_tables import RawTables
from winnow.data.retail_demo_store import RETAIL_SCHEMA
from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.data.validation import validated
from winnow.data.write_dataset import write_dataset
from winnow.schema.errors import DataError

PLAIN = ["interactions.parquet", "items.csv.gz", "report.json", "users.csv.gz"]
WIDE = sorted([*PLAIN, "schema.yaml"])
NOON = 1_767_268_800


@pytest.fixture(scope="module")
def shop():
    return simulate(spec_of("tiny", {"users": 60, "items": 50, "days": 3}))


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def retail(times=(NOON, NOON + 1), title="Bag", description="Blue."):
    """A data set as it comes out of the layout's own importer."""
    items = {
        "item_id": ["a", "b"],
        "price": [9.99, None],
        "category_l1": ["x", "y"],
        "category_l2": [None, "z"],
        "gender_affinity": ["F", "Any"],
        "promoted": ["N", "True"],
        "title": [title, "Book"],
        "description": [description, None],
        "text": [f"{title}. {description}", "Book"],
    }
    events = {"user_id": ["1", "2"], "item_id": ["a", "b"], "event_type": ["View", "Purchase"], "at": times}
    users = pa.table({"user_id": ["1", "2"], "age": [31, None], "gender": ["M", None]})
    raw = RawTables(users=users, items=pa.table(items), events=pa.table(events))
    return validated(raw, RETAIL_SCHEMA, source="a test", now=NOON + 3600)


def test_the_real_store_comes_back_with_the_same_digest_from_the_layouts_columns_alone(winnow_data, tmp_path):
    dataset = open_dataset(winnow_data / "retail-demo-store")
    losses = export_retail_demo_store(dataset, tmp_path / "out")
    assert open_dataset(tmp_path / "out").digest == dataset.digest
    assert names(tmp_path / "out") == PLAIN
    assert losses == ("interactions.parquet: no DISCOUNT, for no data set keeps it.",)


def test_a_simulated_shop_comes_back_whole(shop, tmp_path):
    export_retail_demo_store(shop, tmp_path / "out")
    again = open_dataset(tmp_path / "out")
    assert (again.users, again.items, again.events) == (shop.users, shop.items, shop.events)
    assert again.schema == shop.schema
    assert again.digest == shop.digest
    assert again.impressions == shop.impressions
    assert names(tmp_path / "out") == sorted([*WIDE, "impressions.parquet"])
    assert json.loads((tmp_path / "out" / "report.json").read_text())["digest"] == shop.digest


def test_the_layouts_columns_of_a_simulated_shop_are_a_shop_in_that_layout(shop, tmp_path):
    export_retail_demo_store(shop, tmp_path / "out")
    (tmp_path / "out" / "schema.yaml").unlink()
    seen = open_dataset(tmp_path / "out")
    assert seen.schema != shop.schema
    for theirs, ours in {"price": "price", "category_l1": "category", "category_l2": "style", "title": "title"}.items():
        assert seen.items[theirs] == shop.items[ours]
    assert seen.users["age"] == shop.users["age"]
    assert set(seen.users["gender"].to_pylist()) == {"F", "M"}
    assert set(seen.items["gender_affinity"].to_pylist()) <= {"F", "M", "Any"}
    assert set(seen.events["event_type"].to_pylist()) == {"view", "cart", "purchase"}


def test_an_export_is_exported_again_as_the_same_files(shop, tmp_path):
    export_retail_demo_store(shop, tmp_path / "one")
    export_retail_demo_store(open_dataset(tmp_path / "one"), tmp_path / "two")
    for name in WIDE:
        if name != "report.json":
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_rows_with_gaps_and_columns_of_any_name_come_back(validate, items, users, events, tmp_path):
    items[1]["look"] = items[2]["price"] = items[3]["name"] = events[3]["device"] = users[0]["age"] = None
    items[0]["name"] = 'A "red", wide\r\nlamp '
    users[1]["age"] = 30.5
    dataset = validate()
    export_retail_demo_store(dataset, tmp_path / "out")
    assert open_dataset(tmp_path / "out").digest == dataset.digest


@pytest.mark.parametrize("damage", [{"times": (NOON, NOON + 0.25)}, {"title": "Bag\u2028"}])
def test_the_layouts_columns_stand_alone_only_where_they_hold_everything(damage, tmp_path):
    for name, dataset in {"plain": retail(), "damaged": retail(**damage)}.items():
        losses = export_retail_demo_store(dataset, tmp_path / name)
        assert open_dataset(tmp_path / name).digest == dataset.digest
        assert any("whole seconds" in each for each in losses) == (name == "damaged" and "times" in damage)
    assert names(tmp_path / "plain") == PLAIN
    assert names(tmp_path / "damaged") == (WIDE if "times" in damage else PLAIN)


@given(title=st.text(min_size=1, max_size=8), description=st.text(min_size=1, max_size=8))
def test_any_text_comes_back_or_nothing_is_written(tmp_path_factory, title, description):
    dataset = retail(title=title, description=description)
    out = tmp_path_factory.mktemp("any") / "out"
    if "\0" in title + description:
        with pytest.raises(DataError, match=r"nothing was written\. Reading it back says: .* zero bytes"):
            export_retail_demo_store(dataset, out)
        assert not out.exists()
    else:
        export_retail_demo_store(dataset, out)
        assert open_dataset(out).digest == dataset.digest


def test_a_text_that_a_csv_file_changes_is_refused_and_nothing_is_written(shop, tmp_path, monkeypatch):
    other = retail()
    monkeypatch.setattr("winnow.data.export_retail_demo_store.open_dataset", lambda *_, **__: other)
    with pytest.raises(DataError, match="Read back, it is another data set"):
        export_retail_demo_store(shop, tmp_path / "out")
    assert names(tmp_path) == []


def test_an_export_is_replaced_only_when_forced_and_other_folders_never(shop, tmp_path):
    export_retail_demo_store(shop, tmp_path / "out")
    with pytest.raises(DataError, match="already holds a data set"):
        export_retail_demo_store(retail(), tmp_path / "out")
    assert open_dataset(tmp_path / "out").digest == shop.digest
    export_retail_demo_store(retail(), tmp_path / "out", force=True)
    assert names(tmp_path / "out") == PLAIN
    write_dataset(shop, tmp_path / "ours")
    with pytest.raises(DataError, match="holds something else"):
        check_export_target(tmp_path / "ours", force=True)


def test_the_stores_own_files_are_not_taken_for_an_export(shop, tmp_path):
    export_retail_demo_store(retail(), tmp_path / "store")
    (tmp_path / "store" / "report.json").unlink()
    before = {each.name: each.read_bytes() for each in (tmp_path / "store").iterdir()}
    with pytest.raises(DataError, match="holds something else"):
        export_retail_demo_store(shop, tmp_path / "store", force=True)
    assert {each.name: each.read_bytes() for each in (tmp_path / "store").iterdir()} == before


def test_an_export_that_breaks_off_leaves_the_older_one(shop, tmp_path):
    export_retail_demo_store(retail(), tmp_path / "out")

    def break_off(what, *_):
        if what == "Checking data":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_retail_demo_store(shop, tmp_path / "out", break_off, force=True)
    assert open_dataset(tmp_path / "out").digest == retail().digest
    assert names(tmp_path) == ["out"]


def test_progress_ends_where_it_said_it_would(shop, tmp_path):
    told = {}
    export_retail_demo_store(shop, tmp_path / "out", lambda what, done, total: told.update({what: (done, total)}))
    assert {"Writing rows", "Reading data, MB", "Checking data"} == set(told)
    assert all(done == total for done, total in told.values())


def test_what_is_available_comes_back_from_text(shop, tmp_path):
    words = pa.array([(True, False, None)[row % 3] for row in range(shop.items.num_rows)])
    stocked = replace(
        shop, schema=replace(shop.schema, available="in_stock"), items=shop.items.append_column("in_stock", words)
    )
    export_retail_demo_store(stocked, tmp_path / "out")
    assert open_dataset(tmp_path / "out").digest == stocked.digest

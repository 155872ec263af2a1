import json
from dataclasses import replace

import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.simulate import simulate
from winnow.data.write_dataset import write_dataset
from winnow.schema.errors import DataError


@pytest.fixture(scope="module")
def shop():
    return simulate(SIZES["tiny"])


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_what_was_written_opens_with_the_same_digest(shop, tmp_path):
    write_dataset(shop, tmp_path / "deep" / "shop")
    again = open_dataset(tmp_path / "deep" / "shop")
    assert again.digest == shop.digest
    assert again.schema == shop.schema
    assert again.report.findings == ()
    assert names(tmp_path / "deep") == ["shop"]


def test_rows_with_gaps_come_back_with_them(validate, items, events, tmp_path):
    items[1]["look"] = items[2]["price"] = events[3]["device"] = None
    dataset = validate()
    write_dataset(dataset, tmp_path / "shop")
    assert open_dataset(tmp_path / "shop").digest == dataset.digest


def test_what_is_available_comes_back(schema, validate, items, tmp_path):
    for item, there in zip(items, [True, False, None, True], strict=True):
        item["in_stock"] = there
    dataset = validate(replace(schema, available="in_stock"))
    write_dataset(dataset, tmp_path / "shop")
    again = open_dataset(tmp_path / "shop")
    assert (again.digest, again.schema.available) == (dataset.digest, "in_stock")


def test_the_report_is_written_beside_the_rows(validate, events, tmp_path):
    events[0]["sku"] = "gone"
    dataset = validate()
    write_dataset(dataset, tmp_path / "shop")
    report = json.loads((tmp_path / "shop" / "report.json").read_text())
    assert report["digest"] == dataset.digest
    assert report["findings"][0]["count"] == 1
    assert names(tmp_path / "shop") == [
        "events.parquet",
        "items.parquet",
        "report.json",
        "schema.yaml",
        "users.parquet",
    ]


def test_an_older_dataset_is_replaced_when_forced(shop, validate, tmp_path):
    write_dataset(shop, tmp_path / "shop")
    with pytest.raises(DataError, match="already holds a data set"):
        write_dataset(validate(), tmp_path / "shop")
    write_dataset(validate(), tmp_path / "shop", force=True)
    assert open_dataset(tmp_path / "shop").items.num_rows == 4
    assert names(tmp_path) == ["shop"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["notes.txt", "events.parquet"])
def test_a_folder_that_holds_something_else_is_left_alone_even_when_forced(shop, tmp_path, name, force):
    (tmp_path / name).write_text("mine")
    with pytest.raises(DataError, match=rf"holds something else \({name}\)"):
        write_dataset(shop, tmp_path, force=force)
    assert (tmp_path / name).read_text() == "mine"
    assert names(tmp_path) == [name]


def test_a_file_in_the_way_is_left_alone(shop, tmp_path):
    (tmp_path / "shop").write_text("mine")
    with pytest.raises(DataError, match="is a file"):
        write_dataset(shop, tmp_path / "shop")


@pytest.mark.parametrize("fault", [OSError("disk full"), KeyboardInterrupt()])
def test_a_write_that_breaks_off_leaves_the_old_dataset_and_no_traces(shop, validate, tmp_path, fault):
    old = validate()
    write_dataset(old, tmp_path / "shop")
    told = []

    def break_off(*step):
        told.append(step)
        if len(told) == 2:
            raise fault

    with pytest.raises(type(fault)):
        write_dataset(shop, tmp_path / "shop", break_off, force=True)
    assert open_dataset(tmp_path / "shop").digest == old.digest
    assert names(tmp_path) == ["shop"]

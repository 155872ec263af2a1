"""What an import says of pictures that are not there."""

import os
from pathlib import Path

import pytest

from tests.unit.data.picture_shop import ITEMS, write_picture_shop
from winnow.data import check_pictures
from winnow.data.open_dataset import open_dataset
from winnow.data.raw_tables import RawTables
from winnow.data.validation import validated
from winnow.schema.errors import DataError


@pytest.fixture
def shop(tmp_path):
    return write_picture_shop(tmp_path / "shop")


def with_items(shop, *rows):
    (shop / "things.csv").write_text("\n".join(["item_id,front,back", *rows, ""]))
    return open_dataset(shop)


def test_pictures_that_are_there_are_nothing_to_tell_nor_are_items_that_name_none(shop):
    dataset = open_dataset(shop)
    assert dataset.report.findings == ()
    assert dataset.media == shop / "photos"
    assert dataset.items["front"].to_pylist() == ["a.png", "shoes/b.png", None]


def test_pictures_that_are_not_there_are_counted_by_reason_with_the_first_item(shop):
    rows = ["a,a.png,", "b,gone.png,", "c,,", "d,http://x.example/d.png,", "e,gone/too.png,", "f,shoes,"]
    (finding,) = with_items(shop, *rows).report.findings
    assert (finding.table, finding.count, finding.action) == ("items", 4, "read as missing")
    reasons = "No such file or directory 2, it is an address and nothing is fetched 1, it is no file 1"
    assert finding.problem == f"values of 'front' name no picture in {shop / 'photos'} ({reasons})"
    assert finding.example == "things.csv, line 3 (item_id=b, front=gone.png, back=missing)"


def test_the_names_stay_so_that_the_data_set_is_the_same_when_the_pictures_come(shop):
    before = open_dataset(shop)
    (shop / "photos" / "a.png").rename(shop / "photos" / "b.png")
    after = open_dataset(shop)
    assert [each.count for each in after.report.findings] == [1, 1]
    assert after.digest == before.digest


def test_each_column_of_pictures_is_looked_through(shop):
    dataset = with_items(shop, "a,a.png,gone.png", "b,gone.png,a.png")
    assert [each.problem.split("'")[1] for each in dataset.report.findings] == ["front", "back"]


def test_where_no_picture_at_all_is_there_the_folder_is_wrong_and_the_data_refused(shop):
    with pytest.raises(DataError) as caught:
        with_items(shop, "a,photos/a.png,", "b,photos/shoes/b.png,", "c,,")
    assert "In items, 2 of 3 values of 'front' name no picture in" in str(caught.value)
    assert "That is every picture. Put the files there, or write under 'media'" in str(caught.value)


def test_a_second_picture_that_is_nowhere_is_noted_where_first_ones_are(shop):
    (finding,) = with_items(shop, "a,a.png,gone.png", "b,,").report.findings
    assert (finding.count, finding.action) == (1, "read as missing")
    assert "'back'" in finding.problem


def test_pictures_are_told_with_all_other_problems(shop):
    with pytest.raises(DataError, match="2 problems") as caught:
        with_items(shop, "a,gone.png,", "a,gone.png,")
    assert "rows have a item_id that an earlier row has" in str(caught.value)
    assert "values of 'front' name no picture" in str(caught.value)


def test_a_column_that_is_not_there_is_one_problem_and_not_two(shop):
    (shop / "things.csv").write_text(ITEMS.replace("front", "frnot"))
    with pytest.raises(DataError, match="1 problem") as caught:
        open_dataset(shop)
    assert "The items table has no column 'front'" in str(caught.value)


def test_no_picture_is_opened(shop, monkeypatch):
    def refuse(path, *_, **__):
        raise AssertionError(f"{path} is opened")

    dataset = open_dataset(shop)
    raw, schema = RawTables(users=None, items=dataset.items, events=dataset.events, media=dataset.media), dataset.schema
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    assert validated(raw, schema, source="a test", now=1_767_268_900).report.findings == ()


def test_progress_is_told_up_to_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(check_pictures, "TOLD_EVERY", 2)
    shop = write_picture_shop(tmp_path / "shop", "item_id,front,back\na,a.png,\nb,a.png,\nc,a.png,\n")
    told = []
    open_dataset(shop, progress=lambda *step: told.append(step))
    assert [each for each in told if each[0] == "Looking for pictures"] == [
        ("Looking for pictures", done, 3) for _ in ("front", "back") for done in (2, 3)
    ]

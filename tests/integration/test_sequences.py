"""A file of sequences down the whole road, by the command line alone."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from winnow.bundle.bundle import Bundle
from winnow.cli.main import app
from winnow.data.open_dataset import open_dataset
from winnow.schema.errors import DataError

RECIPE = """
from dataclasses import replace

from winnow.recipes.recipes import sequential, tiny


def hasty():
    return replace(sequential(), name="hasty", retrieval=replace(tiny().retrieval, epochs=2))
"""


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=True)


@pytest.fixture(scope="module")
def lines(tmp_path_factory) -> Path:
    """Two hundred users who walk around a ring of fifty items, one step at a time."""
    random = np.random.default_rng(0)
    file = tmp_path_factory.mktemp("sequences") / "ring.txt"
    walks = [(random.integers(50) + np.arange(random.integers(4, 12))) % 50 for _ in range(200)]
    file.write_text("".join(f"u{user} {' '.join(f'i{item}' for item in walk)}\n" for user, walk in enumerate(walks)))
    return file


@pytest.fixture(scope="module")
def trained(lines, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    (folder / "recipe.py").write_text(RECIPE)
    recipe = f"{folder / 'recipe.py'}:hasty"
    result = run("train", "--recipe", recipe, "--seed", 3, "--data", lines, "--out", folder / "bundle")
    assert result.exit_code == 0, result.output
    return folder / "bundle"


def test_the_bundle_says_what_was_left_out_and_by_which_seed(trained):
    manifest = Bundle.open(trained).manifest
    assert manifest.split == {"kind": "leave-one-out", "events": 2}
    assert manifest.recipe["seed"] == 3


def test_the_last_items_are_found_beside_baselines(trained, tmp_path):
    result = run("evaluate", trained, "--protocol", "leave-one-out", "--json", tmp_path / "rows.json")
    assert result.exit_code == 0, result.output
    assert "Protocol leave-one-out" in result.output
    rows = json.loads((tmp_path / "rows.json").read_text())
    assert {row["protocol"] for row in rows} == {"leave-one-out"}
    assert {row["model"] for row in rows} == {"winnow", "popular", "item_to_item", "ease"}
    found = {
        row["model"]: row["value"] for row in rows if (row["metric"], row["k"], row["slice"]) == ("ndcg", 10, "all")
    }
    assert found["winnow"] > found["popular"], "the next one on the ring can be learned"


def test_the_bundle_is_not_asked_for_a_time_that_was_not_cut(trained):
    result = run("evaluate", trained, "--protocol", "time")
    assert isinstance(result.exception, DataError)
    assert "this bundle has none" in str(result.exception)


def test_a_bundle_that_saw_the_last_events_is_not_asked_for_them(bundle):
    result = run("evaluate", bundle, "--protocol", "leave-one-out")
    assert isinstance(result.exception, DataError)
    assert "was trained on all events before a cut in time" in str(result.exception)


def test_a_file_is_checked_and_imported(lines, tmp_path):
    assert "users: 200 of 200 rows kept" in run("data", "check", lines).output
    result = run("data", "import", lines, "--out", tmp_path / "clean")
    assert result.exit_code == 0, result.output
    assert open_dataset(tmp_path / "clean").digest == open_dataset(lines).digest


def test_days_cannot_be_held_out_of_a_file_without_times(lines, tmp_path):
    result = run("train", "--recipe", "tiny", "--data", lines, "--out", tmp_path / "bundle")
    assert isinstance(result.exception, DataError)
    assert "--recipe sequential" in str(result.exception)
    assert list(tmp_path.iterdir()) == []

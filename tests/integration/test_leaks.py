"""Leaks as people meet them: a check that fails, a training that does not begin, figures that say what they are."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.unit.evaluation.leaks.planting import with_column
from winnow.bundle.bundle import Bundle, file_hash
from winnow.bundle.manifest import MANIFEST_NAME
from winnow.cli.main import app
from winnow.data.dataset import TYPE
from winnow.data.open_dataset import open_dataset
from winnow.data.write_dataset import write_dataset
from winnow.schema.errors import LeakError
from winnow.schema.feature import Entity, Kind
from winnow.training.logged_events import event_log


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=True)


@pytest.fixture(scope="module")
def leaky_shop(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with a column of events that says how they ended; impressions, which have no such column, stay away."""
    dataset = open_dataset(shop)
    dataset = replace(dataset, impressions=None, schema=replace(dataset.schema, impressions=None))
    ended = [f"ended as {each}" for each in dataset.events[TYPE].to_pylist()]
    folder = tmp_path_factory.mktemp("leaky") / "shop"
    write_dataset(with_column(dataset, Entity.CONTEXT, "ended", ended, Kind.CATEGORY), folder)
    return folder


@pytest.fixture(scope="module")
def told_bundle(shop: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, sealed anew with the newest events of the shop in its event log."""
    folder = tmp_path_factory.mktemp("told") / "bundle"
    shutil.copytree(bundle, folder)
    events = open_dataset(shop).events
    event_log(events).save(folder / "events")
    manifest = Bundle.open(bundle).manifest
    files = {name: file_hash(folder / name) for name in manifest.parts["events"]}
    sealed = replace(manifest, parts={**manifest.parts, "events": files})
    (folder / MANIFEST_NAME).write_text(sealed.to_json())
    shutil.rmtree(folder / "attachments", ignore_errors=True)
    return folder


def test_checking_an_honest_shop_for_leaks_ends_well(shop: Path):
    result = run("data", "check", shop, "--leaks", "--holdout-days", 4)
    assert result.exit_code == 0
    assert "leaks: 0, warnings: 0" in result.output
    assert "**ok** time overlap: 0 of " in result.output


def test_checking_a_leaky_shop_ends_with_one_and_shows_the_rows(leaky_shop: Path):
    assert run("data", "check", leaky_shop).exit_code == 0
    result = run("data", "check", leaky_shop, "--leaks")
    assert result.exit_code == 1
    assert "**leak** target-like features: " in result.output
    assert "ended=ended as click, positives=" in result.output


def test_training_on_a_leaky_shop_is_refused_before_it_begins(leaky_shop: Path, tmp_path: Path):
    result = run("train", "--data", leaky_shop, "--recipe", "tiny", "--out", tmp_path / "bundle")
    assert result.exit_code == 1
    assert isinstance(result.exception, LeakError)
    assert "--allow-leaks" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_that_was_told_the_answers_is_not_evaluated(shop: Path, told_bundle: Path):
    result = run("evaluate", told_bundle, "--data", shop)
    assert result.exit_code == 1
    assert isinstance(result.exception, LeakError)
    for check in ("the bundle's events", "held-out events in the bundle"):
        assert f"**leak** {check}: " in str(result.exception)
    assert not (told_bundle / "attachments" / "evaluation.json").exists()


def test_who_allows_leaks_gets_figures_that_say_so(shop: Path, told_bundle: Path, tmp_path: Path):
    rows = tmp_path / "rows.json"
    result = run("evaluate", told_bundle, "--data", shop, "--seen", "kept", "--allow-leaks", "--json", rows)
    assert result.exit_code == 0, result.exception
    assert (
        "**LEAKING (the bundle's events, held-out events in the bundle): these figures are flattered.**"
        in result.output
    )
    assert "## Leak checks" in result.output
    assert {row["protocol"] for row in json.loads(rows.read_text())} == {"time, leaking"}
    content = Bundle.open(told_bundle).attachment("evaluation")
    assert content["leaks"]["leaking"] is True


def test_an_honest_evaluation_lists_every_check(shop: Path, bundle: Path, tmp_path: Path):
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy)
    result = run("evaluate", copy, "--data", shop, "--seen", "masked")
    assert result.exit_code == 0, result.exception
    checks = [each["check"] for each in Bundle.open(copy).attachment("evaluation")["leaks"]["findings"]]
    assert {"time overlap", "the bundle's events", "future items", "masked answers", "masked lists"} <= set(checks)
    assert all(f"**ok** {check}: " in result.output for check in checks)
    assert "LEAKING" not in result.output

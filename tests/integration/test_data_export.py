"""`winnow data export` as people meet it."""

import sys

import pytest
from typer.testing import CliRunner

from winnow.cli.main import app, main
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.write_shop import write_shop

FORMAT = ("--format", "retail-demo-store")


@pytest.fixture(scope="module")
def small_shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "shop"
    write_shop(spec_of("tiny", {"users": 60, "items": 50, "days": 3}), folder)
    return folder


def run(*arguments):
    return CliRunner().invoke(app, ["data", "export", *map(str, arguments)])


def test_the_export_of_a_simulated_shop_is_the_same_data_set_and_says_what_the_layout_cannot(small_shop, tmp_path):
    result = run(small_shop, *FORMAT, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "items: 50 of 50 rows kept" in result.output
    assert "PROMOTED left empty" in result.output
    assert "click is View, dismiss is Dismiss" in result.output
    assert "whole seconds" in result.output
    assert open_dataset(tmp_path / "out").digest == open_dataset(small_shop).digest


def test_help_and_layouts_are_told(small_shop, tmp_path):
    assert "retail-demo-store" in run("--help").output
    result = run(small_shop, "--format", "excel", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "excel" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_taken_folder_is_found_before_anything_is_read(tmp_path, monkeypatch, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    command = [
        "winnow",
        "data",
        "export",
        str(tmp_path / "nowhere"),
        *FORMAT,
        "--out",
        str(tmp_path / "out"),
        "--force",
    ]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert "holds something else (notes.txt)" in capsys.readouterr().err
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"

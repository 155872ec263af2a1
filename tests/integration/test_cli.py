"""The command line as people meet it: what helps, what goes wrong, and what is left behind."""

import json
import shutil
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

import winnow as winnow_package
from winnow.api.client import Client
from winnow.cli.main import app, main
from winnow.schema.errors import WinnowError
from winnow.serving.process.listening import open_socket
from winnow.serving.settings.settings import Settings


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=True)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "train",
        "evaluate",
        "recommend",
        "similar",
        "serve",
        "demo",
        "data",
        "data simulate",
        "data import",
        "data check",
    ],
)
def test_every_command_explains_itself(command):
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    "command",
    [
        "bundle",
        "bundle show",
        "bundle verify",
        "data labels",
        "feast",
        "feast init",
        "feast apply",
        "feast materialize",
        "feast check",
    ],
)
def test_every_command_on_bundles_or_labels_or_feast_explains_itself(command):
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_the_help_of_the_whole_names_the_first_thing_to_try():
    assert "winnow demo" in run("--help").output


def test_a_bundle_is_shown_verified_and_asked(bundle):
    assert "retrieval_loss" in run("bundle", "show", bundle).output
    assert "is whole" in run("bundle", "verify", bundle).output
    answer = json.loads(run("recommend", bundle, "--user", "u1", "--k", 3, "--json").output)
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    table = run("recommend", bundle, "--context", "device_type=mobile").output
    assert "retrieve" in table
    assert "rank" in table


def test_where_no_items_are_asked_for_the_way_alone_is_told(bundle):
    told = run("recommend", bundle, "-k", 0)
    assert told.exit_code == 0, told.output
    assert told.output.split()[0] == "state"


def test_a_bundle_is_asked_for_similar_items(bundle):
    mix = "description:3,behaviour:1"
    answer = json.loads(run("similar", bundle, "--item", "i00001", "--by", mix, "-k", 3, "--json").output)
    assert answer["by"] == {"description": 0.75, "behaviour": 0.25}
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    lines = run("similar", bundle, "--item", "i00001", "--by", mix, "--k", 3).output.splitlines()
    assert lines[0].split() == ["rank", "score", "description", "behaviour", "item"]
    first = answer["items"][0]
    figures = [f"{each:.3f}" for each in (first["score"], *first["parts"].values())]
    assert lines[1].split()[:5] == ["1", *figures, first["item_id"]]
    assert lines[1].endswith(first["title"])
    assert len(lines) == 4


def test_the_rows_of_an_evaluation_are_written_with_the_promised_keys(bundle, tmp_path):
    result = run("evaluate", bundle, "--seen", "masked", "--json", tmp_path / "new" / "rows.json")
    assert result.exit_code == 0, result.output
    rows = json.loads((tmp_path / "new" / "rows.json").read_text(encoding="utf-8"))
    keys = ["model", "metric", "k", "slice", "seen", "protocol", "value", "low", "high"]
    assert all(list(row) == keys for row in rows)
    assert {row["model"] for row in rows} >= {"winnow", "popular", "popular_7d", "item_to_item"}
    assert "Winnow by visitor and context:" in result.output
    assert (bundle / "attachments" / "reliability.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_a_damaged_checkpoint_is_told_before_training(shop, tmp_path):
    (tmp_path / "retrieval.safetensors").write_bytes(b"something else")
    result = run("train", "--recipe", "tiny", "--data", shop, "--out", tmp_path / "b", "--checkpoint", tmp_path)
    assert isinstance(result.exception, WinnowError), result.output
    assert "retrieval.safetensors is damaged, or something else than a checkpoint" in str(result.exception)
    assert "Training" not in result.output
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--recipe", "huge", "--data", "SHOP", "--out", "TMP/b"], "There is no recipe 'huge'"),
        (["train", "--recipe", "tiny", "--data", "TMP/none", "--out", "TMP/b"], "does not exist"),
        (["train", "--recipe", "tiny", "--data", "TMP", "--out", "TMP/b"], "no layout that is known"),
        (["evaluate", "SHOP"], "is not a bundle"),
        (["serve", "TMP/none"], "is not a bundle"),
        (["recommend", "BUNDLE", "--context", "device_type"], "is not name=value"),
        (["recommend", "BUNDLE", "--context", "device_type=[1]"], "device_type"),
        (["similar", "BUNDLE", "--item", "none"], "No item has the text 'none' for its id"),
        (["similar", "BUNDLE", "--item", "i00001", "--by", "colour"], "cannot be compared by 'colour'; they can by: "),
        (["similar", "BUNDLE", "--item", "i00001", "--by", "behaviour:x"], "The weight of 'behaviour' is 'x'"),
        (["data", "simulate", "--out", "BUNDLE", "--recipe", "tiny"], "BUNDLE"),
        (["evaluate", "BUNDLE", "--data", "TMP/none"], "does not exist"),
        (
            ["data", "labels", "--data", "SHOP", "--feature", "category", "--encoder", "none"],
            "'none' is no encoder of texts",
        ),
        (["data", "labels", "--data", "TMP/none", "--feature", "x"], "does not exist"),
        (["data", "labels", "--data", "SHOP", "--feature", "x", "--labels", ","], "',' holds no label"),
        (["data", "labels", "--data", "SHOP", "--feature", "x", "--out", "SHOP/schema.yaml"], "is there already"),
    ],
)
def test_what_goes_wrong_is_one_sentence(arguments, words, shop, bundle, tmp_path):
    places = {"SHOP": str(shop), "BUNDLE": str(bundle), "TMP": str(tmp_path)}
    for name, path in places.items():
        arguments = [each.replace(name, path) for each in arguments]
        words = words.replace(name, path)
    result = run(*arguments)
    assert isinstance(result.exception, WinnowError), result.output
    assert words in str(result.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["data", "simulate", "--out", "x", "--jobs", "-1"], "--jobs"),
        (["ui", "--port", "99999"], "--port"),
        (["demo", "--port", "65535"], "--port"),
    ],
)
def test_a_number_that_an_option_does_not_take_is_refused_by_its_name(arguments, option):
    result = run(*arguments)
    assert result.exit_code == 2
    assert option in result.output


def test_what_is_printed_stands_as_it_is_written(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["winnow", "bundle", "show", "a:x:b"])
    with pytest.raises(SystemExit):
        main()
    assert "a:x:b is not a bundle" in capsys.readouterr().err


def test_a_sentence_goes_to_the_error_stream_and_the_exit_status_is_one(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["winnow", "bundle", "show", "no such folder"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert "no such folder is not a bundle" in capsys.readouterr().err


def winnow(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "winnow.cli.main", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_port_that_is_taken_is_a_sentence_and_no_address_is_printed(bundle):
    with open_socket(Settings(port=0)) as taken:
        port = taken.getsockname()[1]
        with winnow("serve", bundle, "--port", port) as process:
            said, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert error.startswith(f"Cannot listen on 127.0.0.1, port {port}: ")
    assert said == ""


def test_the_address_that_is_printed_answers_whatever_the_port(bundle):
    with winnow("serve", bundle, "--port", 0) as process:
        try:
            assert process.stdout is not None
            name, _, url = process.stdout.readline().strip().partition(": ")
            client = Client(url.split(" on ")[1])
            assert client.ready()["bundle"] == name
            client.close()
        finally:
            process.terminate()
            process.communicate(timeout=60)


def test_a_place_that_cannot_be_written_is_named(monkeypatch, capsys, shop):
    monkeypatch.setattr(sys, "argv", ["winnow", "train", "--recipe", "tiny", "--data", str(shop)])
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--out", str(shop / "schema.yaml" / "bundle")])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert "schema.yaml" in capsys.readouterr().err


def test_a_package_that_is_not_there_is_named_with_the_extra_that_brings_it(monkeypatch, capsys, shop, tmp_path):
    monkeypatch.setitem(sys.modules, "torch", None)
    for room in ("ops", "training", "recipes"):
        monkeypatch.setattr(winnow_package, room, import_module(f"winnow.{room}"))  # put back with what is in it
        for name in [name for name in sys.modules if name.startswith(f"winnow.{room}")]:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "argv", ["winnow", "train", "--data", str(shop), "--out", str(tmp_path / "b")])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    told = "This command needs the package 'torch': pip install 'winnow-recsys[train]' brings it."
    assert told in capsys.readouterr().err


def listen_to_ctrl_c() -> None:
    """A job that a shell started in the background ignores Ctrl-C, and so do its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


RETRIEVAL_ALONE = """
from dataclasses import replace
from winnow.recipes.recipes import tiny

def short():
    return replace(tiny(), ranking=None, clicks=None)
"""


def test_ctrl_c_during_training_leaves_no_half_written_bundle(shop: Path, bundle: Path, tmp_path: Path):
    made = tmp_path / "made"
    made.mkdir()
    shutil.copy(bundle.parent / "vectors.arrow", made)  # so that it need not encode first
    recipe = tmp_path / "recipe.py"
    recipe.write_text(RETRIEVAL_ALONE)
    command = [sys.executable, "-m", "winnow.cli.main", "train", "--recipe", f"{recipe}:short", "--data", str(shop)]
    with subprocess.Popen(
        [*command, "--out", str(made / "b")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=listen_to_ctrl_c,  # noqa: PLW1509 - the child only sets a signal
    ) as process:
        while process.poll() is None and not list(made.glob(".b.*")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)  # while the first part of the bundle is written
        _, error = process.communicate(timeout=60)
    # A shell says 130 of both: Python dies of the signal, cleaned up, if it came inside a lazy import that runs text.
    assert process.returncode in {130, -signal.SIGINT}, error
    assert b"Traceback" not in error
    assert {each.name for each in made.iterdir()} == {"vectors.arrow", "vectors.arrow.lock"}

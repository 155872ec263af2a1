import subprocess

import pytest

from benchmarks import run
from benchmarks.benchmark import Benchmark
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from tests.unit.benchmarks.test_inputs import write_bundle
from tests.unit.benchmarks.test_quality_bar import evaluation as rows


def rows_of_a_bundle(inputs):
    yield Result(name="a.p50_ms", value=1.0, unit="ms", better="lower", how=inputs.bundle.name)


def fail(inputs):
    raise subprocess.CalledProcessError(1, ["winnow", "train"])


@pytest.fixture
def one_benchmark(monkeypatch):
    planted = [Benchmark(group="a", quality=False, measure=rows_of_a_bundle)]
    monkeypatch.setattr(run, "discover", lambda path: planted)


@pytest.fixture
def arguments(tmp_path):
    return ["--bundle", str(tmp_path / "bundle"), "--json", str(tmp_path / "results.json")]


@pytest.mark.usefixtures("one_benchmark")
def test_results_are_printed_and_written(tmp_path, arguments, capsys):
    write_bundle(tmp_path / "bundle").attach("evaluation", {"rows": rows()})
    assert run.main(arguments) == 0
    assert "a.p50_ms" in capsys.readouterr().out
    assert '"how": "bundle"' in (tmp_path / "results.json").read_text()


@pytest.mark.usefixtures("one_benchmark")
def test_a_bundle_below_its_bar_ends_with_code_2_a_sentence_and_no_file(tmp_path, arguments, capsys):
    write_bundle(tmp_path / "bundle").attach("evaluation", {"rows": rows(kept=0.5)})
    assert run.main(arguments) == 2
    assert capsys.readouterr().err == "Recall@10 with seen kept is 0.500; the bar is 0.75.\n"
    assert not (tmp_path / "results.json").exists()


@pytest.mark.usefixtures("one_benchmark")
def test_a_folder_that_is_no_bundle_ends_with_code_2_and_a_sentence(arguments, capsys):
    assert run.main(arguments) == 2
    assert "is not a bundle" in capsys.readouterr().err


@pytest.mark.usefixtures("one_benchmark")
def test_an_unknown_group_ends_with_code_2_and_a_sentence(arguments, capsys):
    assert run.main([*arguments, "--only", "z"]) == 2
    assert "no group 'z'" in capsys.readouterr().err


def test_a_file_of_something_else_is_refused_before_anything_is_measured(tmp_path, arguments, monkeypatch, capsys):
    monkeypatch.setattr(run, "discover", lambda path: [Benchmark(group="a", quality=False, measure=fail)])
    (tmp_path / "results.json").write_text("{}")
    assert run.main(arguments) == 2
    assert "move it away" in capsys.readouterr().err


def test_a_command_that_fails_ends_with_code_1(arguments, monkeypatch, capsys):
    monkeypatch.setattr(run, "discover", lambda path: [Benchmark(group="a", quality=False, measure=fail)])
    assert run.main(arguments) == 1
    assert "winnow" in capsys.readouterr().err


def one_row_then_refused(inputs):
    yield Result(name="a.quality", value=0.1, unit="share", better="higher", how="too low")
    raise RefusedError("The mean is 0.1; the bar is 0.2.")


def one_row(inputs):
    yield Result(name="b.p50_ms", value=2.0, unit="ms", better="lower", how="all the same")


def test_what_is_refused_loses_neither_its_own_rows_nor_those_of_others(tmp_path, arguments, monkeypatch, capsys):
    planted = [
        Benchmark(group=name, quality=False, measure=each)
        for name, each in (("a", one_row_then_refused), ("b", one_row))
    ]
    monkeypatch.setattr(run, "discover", lambda path: planted)
    assert run.main(arguments) == 2
    assert capsys.readouterr().err == "The mean is 0.1; the bar is 0.2.\n"
    written = (tmp_path / "results.json").read_text()
    assert "a.quality" in written
    assert "b.p50_ms" in written

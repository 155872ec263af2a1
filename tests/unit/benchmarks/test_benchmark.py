import pytest

from benchmarks.benchmark import Benchmark, chosen, discover
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result

MODULE = """
from benchmarks.result import Result
GROUP = "{group}"
QUALITY = {quality}
def rows(inputs):
    yield Result(name="{name}", value=1.0, unit="ms", better="lower", how="here")
"""


def benchmark(group="a", quality=False):
    return Benchmark(group=group, quality=quality, measure=lambda inputs: [])


@pytest.fixture
def inputs(tmp_path):
    return Inputs(data=tmp_path, cache=tmp_path)


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "planted"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_every_bench_module_is_found_and_no_other(package, inputs):
    (package / "bench_b.py").write_text(MODULE.format(group="b", quality=True, name="b.p50_ms"))
    (package / "bench_a.py").write_text(MODULE.format(group="a", quality=False, name="a.p50_ms"))
    (package / "workload.py").write_text("raise AssertionError")
    found = discover([str(package)], "planted")
    assert [(each.group, each.quality) for each in found] == [("a", False), ("b", True)]
    assert [result.name for each in found for result in each.results(inputs)] == ["a.p50_ms", "b.p50_ms"]


def test_a_result_outside_its_group_is_an_error(inputs):
    result = Result(name="b.p50_ms", value=1.0, unit="ms", better="lower", how="here")
    with pytest.raises(ValueError, match=r"'b\.p50_ms' is measured by the group 'a'"):
        list(Benchmark(group="a", quality=False, measure=lambda inputs: [result]).results(inputs))


def test_long_ones_run_only_when_asked_for():
    short, long = benchmark("a"), benchmark("b", quality=True)
    assert chosen([short, long], quality=False, only=None) == [short]
    assert chosen([short, long], quality=True, only=None) == [long]


@pytest.mark.parametrize(("group", "name"), [("a", "a.x"), ("b", "a.b.x"), ("a.b", "a.b.x"), ("a.b", "z.a.b.x")])
def test_the_group_stands_before_the_last_part_of_a_name(inputs, group, name):
    result = Result(name=name, value=1.0, unit="s", better="lower", how="here")
    assert list(Benchmark(group=group, quality=False, measure=lambda inputs: [result]).results(inputs)) == [result]


@pytest.mark.parametrize(("group", "name"), [("a.b", "a.x"), ("a", "ab.x"), ("b", "a.b")])
def test_a_part_of_a_word_is_not_the_group(inputs, group, name):
    result = Result(name=name, value=1.0, unit="s", better="lower", how="here")
    with pytest.raises(ValueError, match="name it so"):
        list(Benchmark(group=group, quality=False, measure=lambda inputs: [result]).results(inputs))


def test_one_group_can_be_chosen():
    benchmarks = [benchmark("a"), benchmark("b"), benchmark("b")]
    assert chosen(benchmarks, quality=False, only="b") == benchmarks[1:]


def test_an_unknown_group_is_refused_with_the_groups_there_are():
    with pytest.raises(RefusedError, match=r"no group 'z' to measure here; the groups are: a, b\."):
        chosen([benchmark("b"), benchmark("a"), benchmark("z", quality=True)], quality=False, only="z")

"""Rows of the sequences benchmark, from commands that are only noted."""

import json
from itertools import islice

import pytest

from benchmarks import bench_beauty
from benchmarks.benchmark import Benchmark
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError

ROWS = 2 + 3 * 3 + 6 + 3 + 6
"""Means; each seed; baselines; the refit; its baselines."""


def row(model, metric, value):
    return {
        "model": model,
        "metric": metric,
        "k": 10,
        "slice": "all",
        "seen": "masked",
        "value": value,
        "low": value - 0.002,
        "high": value + 0.002,
    }


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """Runs the benchmark with evaluations that say what they are given, and gives its rows and commands."""
    commands = []

    def run(hit_rates, ndcg=0.06):
        file = tmp_path / bench_beauty.FILE
        file.parent.mkdir()
        file.write_text("a x y z\n")
        waiting = iter(hit_rates)

        def command(*arguments):
            commands.append([str(each) for each in arguments])
            if arguments[0] == "evaluate":
                arguments[-1].parent.mkdir(parents=True, exist_ok=True)
                ours = [row("winnow", "hit_rate", next(waiting)), row("winnow", "ndcg", ndcg)]
                theirs = [row(name, metric, 0.01) for name in bench_beauty.BASELINES for metric in ("hit_rate", "ndcg")]
                arguments[-1].write_text(json.dumps(ours + theirs))

        monkeypatch.setattr(bench_beauty, "winnow", command)
        benchmark = Benchmark(group=bench_beauty.GROUP, quality=True, measure=bench_beauty.rows)
        return benchmark.results(Inputs(data=tmp_path, cache=tmp_path / "cache")), commands

    return run


def test_the_mean_of_three_seeds_stands_before_each_and_beside_the_refit(measured):
    results, commands = measured([0.09, 0.10, 0.11, 0.2])
    results = list(results)
    values = {each.name.removeprefix("retrieval.beauty."): each.value for each in results}
    assert values["hr_at_10"] == pytest.approx(0.10)
    assert [values[f"seed_{seed}.hr_at_10"] for seed in (0, 1, 2)] == [0.09, 0.10, 0.11]
    assert values["refit.hr_at_10"] == 0.2
    assert values["ease.ndcg_at_10"] == values["refit.popular.hr_at_10"] == 0.01
    assert {name for name in values if name.endswith("minutes")} == {
        "seed_0.minutes",
        "seed_1.minutes",
        "seed_2.minutes",
        "refit.minutes",
    }
    assert all("[0." in each.how for each in results if ".seed_" in each.name and not each.name.endswith("minutes"))
    trained = [(each[2], each[4]) for each in commands if each[0] == "train"]
    assert trained == [("sequential", "0"), ("sequential", "1"), ("sequential", "2"), ("sequential_refit", "0")]
    assert all(each[2:4] == ["--protocol", "leave-one-out"] for each in commands if each[0] == "evaluate")


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            {"hit_rates": [0.09, 0.10, 0.08, 0.2]},
            r"hr_at_10 is 0\.0900 \(seeds: 0\.0900, 0\.1000, 0\.0800\); the bar is 0\.0921",
        ),
        ({"hit_rates": [0.1] * 4, "ndcg": 0.053}, r"ndcg_at_10 is 0\.0530 .*; the bar is 0\.0531"),
    ],
)
def test_a_mean_below_its_bar_is_refused_with_the_figure_of_each_seed_once_all_rows_are_told(measured, figures, words):
    results, _ = measured(**figures)
    told = {each.name for each in islice(results, ROWS)}
    with pytest.raises(RefusedError, match=words):
        next(results)
    assert {"retrieval.beauty.hr_at_10", "retrieval.beauty.refit.ndcg_at_10"} <= told


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RefusedError, match=r"There is no file .*Beauty\.txt"):
        list(bench_beauty.rows(Inputs(data=tmp_path, cache=tmp_path)))

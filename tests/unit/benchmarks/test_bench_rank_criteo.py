"""Rows of the click benchmark, on a small table with known chances."""

import numpy as np
import pytest

from benchmarks import bench_rank_criteo, click_baselines
from benchmarks.bench_rank_criteo import Measured
from benchmarks.benchmark import Benchmark
from benchmarks.click_baselines import boosted_trees, logistic_regression, published_logistic_regression
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from tests.unit.training.planted_clicks import planted_clicks
from winnow.calibration.sigmoid import sigmoid
from winnow.metrics.binary import auc, logloss


def measured(ours, published, trees):
    """Args: how much of the truth each of them knows, from 0 to 1."""
    table, logits = planted_clicks(1_000, 0, meeting=1.0)
    noise = np.random.default_rng(1).normal(size=len(logits))
    known = {"deep_fm": ours, "published_logistic_regression": published, "boosted_trees": trees}
    known |= dict.fromkeys(("wide", "dlrm", "dcn"), 0.5) | {"logistic_regression": published}
    chances = {name: sigmoid(share * logits + (1 - share) * noise)[None] for name, share in known.items()}
    return Measured(labels=table.label, chances=chances)


@pytest.fixture
def rows_of(tmp_path, monkeypatch):
    file = tmp_path / "criteo-10k" / "criteo_10k.tsv"
    file.parent.mkdir()
    file.touch()

    def rows(found):
        monkeypatch.setattr(bench_rank_criteo, "RESAMPLES", 100)
        monkeypatch.setattr(bench_rank_criteo, "read_click_table", lambda _: None)
        monkeypatch.setattr(bench_rank_criteo, "split_clicks", lambda _: None)
        monkeypatch.setattr(bench_rank_criteo, "_measured", lambda *_: found)
        bench = Benchmark(group=bench_rank_criteo.GROUP, quality=True, measure=bench_rank_criteo.rows)
        return bench.results(Inputs(data=tmp_path, cache=tmp_path))

    return rows


def test_ours_stands_first_with_its_differences_and_the_baselines_beside_it(rows_of):
    found = measured(0.9, 0.8, 0.7)
    rows = {each.name.removeprefix("rank.criteo10k."): each for each in rows_of(found)}
    assert [*rows][:4] == [
        "auc",
        "logloss",
        "published_logistic_regression.auc",
        "published_logistic_regression.logloss",
    ]
    assert {"boosted_trees.auc", "boosted_trees.logloss", "dlrm.auc", "dcn.logloss", "wide.auc"} < set(rows)
    assert rows["auc"].value == pytest.approx(auc(found.labels, found.chances["deep_fm"][0]))
    assert rows["logloss"].value == pytest.approx(logloss(found.labels, found.chances["deep_fm"][0]))
    assert "over logistic regression; +" in rows["auc"].how
    assert (rows["auc"].better, rows["logloss"].better) == ("higher", "lower")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((0.3, 0.9, 0.8), "Ours is worse than a baseline beyond doubt"),
        ((0.9, 0.3, 0.8), "The AUC of published logistic regression is .*; the bar is 0.745"),
        ((0.9, 0.9, 0.2), "The AUC of boosted trees is .*; the bar is 0.72"),
    ],
)
def test_a_figure_below_its_bar_is_refused_once_all_rows_are_told(rows_of, found, words):
    told = []
    with pytest.raises(RefusedError, match=words):
        told.extend(each.name for each in rows_of(measured(*found)))
    rows = rows_of(measured(*found))
    names = [next(rows).name for _ in range(14)]
    assert names[-1] == "rank.criteo10k.dcn.logloss"


@pytest.mark.parametrize(
    "baseline",
    [logistic_regression, pytest.param(published_logistic_regression, marks=pytest.mark.slow), boosted_trees],
)
def test_the_baselines_learn_what_they_can(baseline, monkeypatch):
    monkeypatch.setattr(click_baselines, "TREES", click_baselines.TREES[::4])  # fewer to choose among
    table, logits = planted_clicks(1_500, 3, meeting=0.0)
    chances = baseline(table.slice(0, 1_200), table.slice(1_200, 1_500))
    test, best = table.label[1_200:], logits[1_200:]
    assert chances.shape == (300,)
    assert auc(test, chances) > auc(test, best) - 0.06
    assert logloss(test, chances) < logloss(test, np.full(300, table.label.mean()))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RefusedError, match=r"There is no file .*criteo_10k\.tsv"):
        list(bench_rank_criteo.rows(Inputs(data=tmp_path, cache=tmp_path)))

"""How well clicks are foretold from few rows: Criteo's first 10,000, beside logistic regression and boosted trees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np
from rich.console import Console

from benchmarks.click_baselines import boosted_trees, logistic_regression, published_logistic_regression
from benchmarks.inputs import Inputs
from benchmarks.paired_auc import auc_difference, mean_auc
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from winnow.data.click_split import ClickSplit, split_clicks
from winnow.data.read_click_table import read_click_table
from winnow.metrics.binary import logloss
from winnow.metrics.bootstrap import Interval, difference_intervals
from winnow.models.click_table_sizes import ClickTableSizes, Kind
from winnow.ops.progress_bars import progress_bars
from winnow.schema.column import Array
from winnow.schema.progress import Progress
from winnow.training.click_table_config import ClickTableConfig
from winnow.training.click_table_training import train_click_table

GROUP = "rank.criteo10k"
QUALITY = True
SEEDS = (0, 1, 2, 3, 4)
BASELINES = {
    "published_logistic_regression": published_logistic_regression,
    "logistic_regression": logistic_regression,
    "boosted_trees": boosted_trees,
}
BARS = {"published_logistic_regression": 0.745, "boosted_trees": 0.72}
"""AUC that the baselines must have, so that ours is not compared with straw men."""
RESAMPLING, RESAMPLES = 0, 1_000
"""Seed and number of the resampled test rows."""
TOLD = "first 10,000 rows of Criteo, in time order the last 20% judged and all else learned from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What models said of the rows that are judged.

    Attributes:
        labels: bool [N].
        chances: float64 [seeds, N] by kind of model; one row of each baseline.
    """

    labels: Array
    chances: Mapping[str, Array]

    def auc(self, model: str) -> float:
        """Mean over seeds."""
        return mean_auc(self.labels, self.chances[model])

    def logloss(self, model: str) -> float:
        """Mean over seeds, in nats."""
        return float(np.mean([logloss(self.labels, each) for each in self.chances[model]]))

    def auc_over(self, model: str, other: str) -> Interval:
        """The difference of the means over seeds, over resampled rows."""
        return auc_difference(
            self.labels, self.chances[model], self.chances[other], seed=RESAMPLING, resamples=RESAMPLES
        )

    def logloss_over(self, model: str, other: str) -> Interval:
        """Likewise; the loss is a mean over rows, so that each row has one over seeds."""
        ours, theirs = (self._losses(each)[:, None] for each in (model, other))
        return difference_intervals(ours, theirs, seed=RESAMPLING, resamples=RESAMPLES)[0]

    def _losses(self, model: str) -> Array:
        chances = self.chances[model]
        return -np.log(np.where(self.labels, chances, 1 - chances)).mean(axis=0)


def rows(inputs: Inputs) -> Iterator[Result]:
    """AUC and log loss, means of five seeds, with paired differences; then the baselines, then the other kinds.

    Raises:
        RefusedError: the file is not there; or, after all rows, a baseline is below its bar, or ours is worse than one
            beyond doubt.
    """
    file = inputs.data / "criteo-10k" / "criteo_10k.tsv"
    if not file.is_file():
        raise RefusedError(f"There is no file {file}; name the folder that it should be in with WINNOW_DATA.")
    with progress_bars(Console(stderr=True)) as progress:
        measured = _measured(split_clicks(read_click_table(file)), progress)
    ours = ClickTableSizes().kind
    yield from _figures("", measured, ours)
    for name in BASELINES:
        yield _result(f"{name}.auc", measured.auc(name), f"the same rows, {_spoken(name)}")
        yield _result(f"{name}.logloss", measured.logloss(name), f"the same rows, {_spoken(name)}")
    for kind in get_args(Kind):
        if kind != ours:
            yield from _figures(f"{kind}.", measured, kind)
    _check(measured, ours)


def _measured(split: ClickSplit, progress: Progress) -> Measured:
    chances = {name: fit(split.train, split.test)[None] for name, fit in BASELINES.items()}
    for kind in get_args(Kind):
        config = ClickTableConfig(sizes=ClickTableSizes(kind=kind))
        rankers = (train_click_table(split.train, config, seed, progress) for seed in SEEDS)
        chances[kind] = np.stack([ranker(split.test).astype(np.float64) for ranker in rankers])
    return Measured(labels=split.test.label, chances=chances)


def _figures(prefix: str, measured: Measured, kind: Kind) -> Iterator[Result]:
    told = f"{_spoken(kind)}, mean of seeds {SEEDS[0]} to {SEEDS[-1]}, {TOLD}"
    aucs = [_over(measured.auc_over(kind, name), name) for name in BASELINES]
    losses = [_over(measured.logloss_over(kind, name), name) for name in BASELINES]
    paired = "differences of means, 95% of resampled rows"
    yield _result(f"{prefix}auc", measured.auc(kind), "; ".join((told, *aucs, paired)))
    yield _result(f"{prefix}logloss", measured.logloss(kind), "; ".join((told, *losses, paired)))


def _over(interval: Interval, name: str) -> str:
    return f"{interval.value:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}] over {_spoken(name)}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _result(name: str, value: float, how: str) -> Result:
    if name.endswith("auc"):
        return Result(name=f"{GROUP}.{name}", value=value, unit="share", better="higher", how=how)
    return Result(name=f"{GROUP}.{name}", value=value, unit="nats", better="lower", how=how)


def _check(measured: Measured, ours: Kind) -> None:
    for name, bar in BARS.items():
        if not measured.auc(name) >= bar:
            raise RefusedError(f"The AUC of {_spoken(name)} is {measured.auc(name):.4f}; the bar is {bar}.")
    for name in BASELINES:
        auc, loss = measured.auc_over(ours, name), measured.logloss_over(ours, name)
        if auc.high < 0 or loss.low > 0:
            told = f"AUC {_over(auc, name)}, log loss {_over(loss, name)}"
            raise RefusedError(f"Ours is worse than a baseline beyond doubt: {told}.")

"""How well sequences are learned: Amazon Beauty under leave-one-out, as the academic field states it."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.command import winnow
from benchmarks.inputs import Inputs
from benchmarks.quality_bar import Row, check_sequences, row_of
from benchmarks.refused import RefusedError
from benchmarks.result import Result

GROUP = "beauty"
QUALITY = True
FILE = Path("amazon-beauty-sequences") / "Beauty.txt"
SEEDS = (0, 1, 2)
METRICS = {"hr_at_10": "hit_rate", "ndcg_at_10": "ndcg"}
BASELINES = ("popular", "item_to_item", "ease")
BARS = {"hr_at_10": 0.0921, "ndcg_at_10": 0.0531}
"""What is published for SASRec with sampled softmax."""
TOLD = "winnow train --recipe {recipe} on Amazon Beauty, leave-one-out, full ranking, earlier items masked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training and its evaluation.

    Attributes:
        recipe: of the training.
        seed: likewise.
        minutes: of the training, from the file to the verified bundle.
        rows: of the evaluation.
    """

    recipe: str
    seed: int
    minutes: float
    rows: Sequence[Row]

    def value(self, metric: str, model: str = "winnow") -> float:
        """A figure of METRICS."""
        return float(self._row(metric, model)["value"])

    def how(self, metric: str, model: str = "winnow") -> str:
        """What was measured, with the interval over users."""
        row = self._row(metric, model)
        told = TOLD.format(recipe=self.recipe) + (f", seed {self.seed}" if model == "winnow" else f", baseline {model}")
        return f"{told}; [{row['low']:.4f}, {row['high']:.4f}]"

    def _row(self, metric: str, model: str) -> Row:
        return row_of(self.rows, model, METRICS[metric], 10, "masked")


def rows(inputs: Inputs) -> Iterator[Result]:
    """HR@10 and NDCG@10, mean of three seeds and each, beside baselines; then with the validation item trained on.

    Raises:
        RefusedError: the file is not there; or, after all rows, a mean is below its bar. These rows are the quality
            itself, and a figure that is too low is one that people must see.
    """
    file = inputs.data / FILE
    if not file.is_file():
        raise RefusedError(f"There is no file {file}; name the folder that it should be in with WINNOW_DATA.")
    runs = [_run(file, "sequential", seed, inputs.cache / "beauty") for seed in SEEDS]
    values = {metric: [run.value(metric) for run in runs] for metric in METRICS}
    for metric, each in values.items():
        how = f"mean of seeds {', '.join(map(str, SEEDS))}; {TOLD.format(recipe='sequential')}"
        yield _result(metric, float(np.mean(each)), how)
    for run in runs:
        yield from _figures(f"seed_{run.seed}", run)
    yield from _baselines("", runs[0])
    refit = _run(file, "sequential_refit", SEEDS[0], inputs.cache / "beauty")
    yield from _figures("refit", refit)
    yield from _baselines("refit.", refit)
    check_sequences(values, BARS)


def _run(file: Path, recipe: str, seed: int, cache: Path) -> Run:
    """Trains and evaluates as a user does; a bundle of before is replaced."""
    out, report = cache / f"{recipe}-{seed}", cache / f"{recipe}-{seed}.json"
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    winnow("train", "--recipe", recipe, "--seed", str(seed), "--data", file, "--out", out)
    minutes = (time.perf_counter() - start) / 60
    winnow("evaluate", out, "--protocol", "leave-one-out", "--json", report)
    return Run(recipe=recipe, seed=seed, minutes=minutes, rows=json.loads(report.read_text(encoding="utf-8")))


def _figures(name: str, run: Run) -> Iterator[Result]:
    for metric in METRICS:
        yield _result(f"{name}.{metric}", run.value(metric), run.how(metric))
    how = f"raw file to verified bundle, fresh process; winnow train --recipe {run.recipe} --seed {run.seed}"
    yield Result(name=f"retrieval.beauty.{name}.minutes", value=run.minutes, unit="min", better="lower", how=how)


def _baselines(prefix: str, run: Run) -> Iterator[Result]:
    for model in BASELINES:
        for metric in METRICS:
            yield _result(f"{prefix}{model}.{metric}", run.value(metric, model), run.how(metric, model))


def _result(name: str, value: float, how: str) -> Result:
    return Result(name=f"retrieval.beauty.{name}", value=value, unit="share", better="higher", how=how)

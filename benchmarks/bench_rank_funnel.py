"""The whole funnel in shops as the demo's: beside a reference that learned all it could, and within a visit."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.shown_in_shop import CACHE, shops_told, simulated_shop
from benchmarks.within_visit import after_clicks, first_visits
from winnow.data.dataset import Dataset
from winnow.data.split import Split, split_from_dict
from winnow.engine.open_engine import open_engine
from winnow.evaluation.answers import ask
from winnow.evaluation.held_out import held_out
from winnow.evaluation.learn_validation import learn_validation
from winnow.evaluation.report import SeenMode
from winnow.metrics.ranking import ndcg_at_k
from winnow.ops.evaluate import evaluate_bundle
from winnow.ops.progress_bars import progress_bars
from winnow.ops.train import train
from winnow.ops.train_files import TrainFiles
from winnow.recipes.recipes import demo
from winnow.schema.progress import Progress

GROUP = "rank.funnel"
QUALITY = True
SHOPS, BEST, CLICKS = 3, 10, (0, 1, 2, 3)
SETTINGS: tuple[SeenMode, ...] = ("masked", "kept")


def rows(inputs: Inputs) -> Iterator[Result]:
    """Shares of the reference's lift in NDCG@10 over popularity; NDCG@10 of the rest of a visit after some clicks."""
    with progress_bars(Console(stderr=True)) as progress:
        found = [_measured(inputs.cache, number, progress) for number in range(SHOPS)]
    for name in found[0]:
        values = [each[name] for each in found]
        each = ", ".join(f"{value:.4f}" for value in values)
        how = f"the recipe demo on {shops_told(SHOPS)}, another seed each; {each}"
        yield Result(name=f"{GROUP}.{name}", value=float(np.mean(values)), unit="share", better="higher", how=how)


def _measured(cache: Path, number: int, progress: Progress) -> Mapping[str, float]:
    dataset, folder = simulated_shop(cache, number, progress), cache / CACHE
    out = folder / f"bundle-{number}"
    shutil.rmtree(out, ignore_errors=True)
    bundle = train(dataset, demo(), out, progress, files=TrainFiles(vectors=folder / f"shop-{number}.arrow"))
    report = evaluate_bundle(out, SETTINGS, progress)
    shares = {
        f"share_of_reference.{row.seen}": row.value
        for row in report.rows
        if (row.model, row.slice, row.metric) == ("winnow", "all", f"reference_share_ndcg_at_{BEST}")
    }
    return {**shares, **_within_visits(dataset, split_from_dict(bundle.manifest.split), out)}


def _within_visits(dataset: Dataset, split: Split, bundle: Path) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for clicks in CLICKS:
        engine = open_engine(bundle)
        learn_validation(engine, dataset, split)
        every = held_out(dataset, split, engine.catalogue, engine.seen_types)
        asked, told = after_clicks(
            every, first_visits(dataset, split, every, engine.catalogue), clicks, engine.catalogue
        )
        engine.state.append(told)
        listed = ask(engine.pipeline, asked, k=BEST, seed=0, advance=lambda _: None).recommended
        gain = ndcg_at_k(listed, asked.relevant, BEST)
        for name, which in (("known", asked.warm), ("new", ~asked.warm)):
            found[f"visit.{name}.after_{clicks}"] = float(gain[which].mean())
    return found

"""What texts are worth for new items in real shops: TF-IDF and SVD beside real Sentence-BERT."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks.bench_encode_words import MODEL
from benchmarks.cold_items import cold_answers, with_items_held_out, without_features
from benchmarks.inputs import Inputs
from benchmarks.online_retail import read_online_retail
from benchmarks.result import Result
from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.metrics.bootstrap import difference_intervals, mean_intervals
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.config import Config
from winnow.recipes.recipes import retail
from winnow.schema.column import Array
from winnow.schema.progress import Progress
from winnow.training.contents import EncodersConfig

GROUP = "cold"
QUALITY = True
SHARE, SEED = 0.2, 0
DAYS = {"retail": 7.0, "online_retail": 14.0}
TEXT = "text"
ENCODERS = {"ids": EncodersConfig(), "tfidf": EncodersConfig(), "sbert": EncodersConfig(text=f"sentence-bert:{MODEL}")}


def rows(inputs: Inputs) -> Iterator[Result]:
    """Recall@50 among a fifth of the items, of which training sees no event, without texts and with them."""
    with progress_bars(Console(stderr=True)) as progress:
        shops = {
            "retail": open_dataset(inputs.retail, progress=progress),
            "online_retail": read_online_retail(inputs.data / "uci-online-retail"),
        }
        for shop, dataset in shops.items():
            yield from _of_shop(shop, dataset, inputs.cache / "cold", progress)


def _of_shop(shop: str, dataset: Dataset, cache: Path, progress: Progress) -> Iterator[Result]:
    held = with_items_held_out(dataset, DAYS[shop], SHARE, SEED)
    recall: dict[str, Array] = {}
    for name, encoders in ENCODERS.items():
        config = replace(retail(), holdout_days=DAYS[shop], encoders=replace(encoders, into_bundle=False))
        recall[name] = _recall(held if name != "ids" else without_features(held, TEXT), config, cache, progress)
        yield Result(
            name=f"cold.{shop}.recall_at_50.{name}",
            value=float(recall[name].mean()),
            unit="share",
            better="higher",
            how=_how(recall, name, shop),
        )


def _recall(dataset: Dataset, config: Config, cache: Path, progress: Progress) -> Array:
    return cold_answers(dataset, config, cache / "texts", cache / "vectors.arrow", progress).recall


def _how(recall: dict[str, Array], name: str, shop: str) -> str:
    (mean,) = mean_intervals(recall[name][:, None], seed=0)
    told = (
        f"[{mean.low:.3f}, {mean.high:.3f}], {len(recall[name]):,} users, the last {DAYS[shop]:g} days held out, and "
    )
    told += f"of {SHARE:.0%} of the items all events before them; two-tower, full ranking"
    if name == "ids":
        return told
    (change,) = difference_intervals(recall[name][:, None], recall["ids"][:, None], seed=0)
    return f"{told}; {change.value:+.3f} [{change.low:+.3f}, {change.high:+.3f}] against no texts, paired"

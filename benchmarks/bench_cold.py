"""What words and pictures are worth for items that nobody had before, on shops whose truth is planted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.cold_items import cold_recall, without_features
from benchmarks.inputs import Inputs
from benchmarks.result import Result
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_spec import ShopSpec, spec_of
from winnow.data.shop.write_shop import write_shop
from winnow.metrics.bootstrap import difference_intervals
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress

GROUP = "cold"
QUALITY = True
SEEDS = (1, 2, 3)
SHOPS: Mapping[str, Mapping[str, int]] = {"cold": {"users": 6_000, "items": 10_000}, "cold.demo": {}}
"""The demo's shop with so many items that 50 places do not hold half of a category, and as it is."""
WORDS, PICTURES = ("title", "description"), ("picture",)
HIDDEN = {"ids": (*WORDS, *PICTURES), "words": PICTURES, "pictures": WORDS, "both": ()}
AGAINST = {"ids": (), "words": ("ids",), "pictures": ("ids",), "both": ("ids", "words", "pictures")}


def rows(inputs: Inputs) -> Iterator[Result]:
    """Recall@50 among new items without content, with words, with pictures and with both; the same shops and users."""
    for group, size in SHOPS.items():
        specs = [spec_of("demo", {**size, "seed": seed}) for seed in SEEDS]
        with progress_bars(Console(stderr=True)) as progress:
            shops = [_of_shop(spec, inputs.cache / group, progress) for spec in specs]
        recall = {name: np.concatenate([each[name] for each in shops]) for name in HIDDEN}
        for name, values in recall.items():
            how = _how(recall, name, specs[0].items)
            value = float(values.mean())
            yield Result(name=f"{group}.recall_at_50.{name}", value=value, unit="share", better="higher", how=how)


def _of_shop(spec: ShopSpec, cache: Path, progress: Progress) -> dict[str, Array]:
    folder = cache / f"shop-{spec.seed}"
    if not folder.exists():
        write_shop(spec, folder, progress)
    dataset, vectors = open_dataset(folder, progress=progress), cache / "vectors.arrow"
    config = replace(demo(), seed=spec.seed)
    return {
        name: cold_recall(without_features(dataset, *hidden), config, cache / name, vectors, progress)
        for name, hidden in HIDDEN.items()
    }


def _how(recall: Mapping[str, Array], name: str, items: int) -> str:
    asked = f"{len(recall[name]):,} users of {len(SEEDS)} simulated shops (seeds {SEEDS[0]} to {SEEDS[-1]})"
    told = f"two-tower, full ranking over {items:,} items, new ones arrive in the held-out week, embedded encoders; "
    return told + "; ".join([asked, *(_against(recall, name, other) for other in AGAINST[name])])


def _against(recall: Mapping[str, Array], name: str, other: str) -> str:
    (change,) = difference_intervals(recall[name][:, None], recall[other][:, None], seed=0)
    lift, low, high = (each / recall[other].mean() for each in (change.value, change.low, change.high))
    return f"{lift:+.0%} [{low:+.0%}, {high:+.0%}] over {other}, paired"

"""What words and pictures are worth for items that nobody had before, on shops whose truth is planted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.cold_items import cold_recall, without_content
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
SIZE: Mapping[str, int] = {"users": 6_000, "items": 10_000}
"""The demo's shop with so many items that knowing the category of what is wanted does not fill 50 places with it."""
WORDS, PICTURES = ("title", "description"), ("picture",)
HIDDEN = {"ids": (*WORDS, *PICTURES), "words": PICTURES, "pictures": WORDS, "both": ()}


def rows(inputs: Inputs) -> Iterator[Result]:
    """Recall@50 among new items without content, with words, with pictures and with both; the same shops and users."""
    with progress_bars(Console(stderr=True)) as progress:
        seeds = [_of_shop(spec_of("demo", {**SIZE, "seed": seed}), inputs.cache / "cold", progress) for seed in SEEDS]
    together = {name: np.concatenate([each[name] for each in seeds]) for name in HIDDEN}
    for name, recall in together.items():
        yield Result(
            name=f"cold.recall_at_50.{name}",
            value=float(recall.mean()),
            unit="share",
            better="higher",
            how=_how(together, name),
        )


def _of_shop(spec: ShopSpec, cache: Path, progress: Progress) -> dict[str, Array]:
    folder = cache / f"shop-{spec.seed}"
    if not folder.exists():
        write_shop(spec, folder, progress)
    dataset, vectors = open_dataset(folder, progress=progress), cache / "vectors.arrow"
    config = replace(demo(), seed=spec.seed)
    return {
        name: cold_recall(without_content(dataset, *hidden), config, cache / name, vectors, progress)
        for name, hidden in HIDDEN.items()
    }


def _how(together: Mapping[str, Array], name: str) -> str:
    users = len(together[name])
    asked = f"{users:,} users in {len(SEEDS)} simulated shops of {SIZE['items']:,} items (seeds {SEEDS[0]}-{SEEDS[-1]})"
    told = f"two-tower, full ranking, new items arrive in the held-out week, embedded encoders; {asked}"
    against = [other for other in HIDDEN if other != name] if name == "both" else ["ids"] if name != "ids" else []
    return "; ".join([told, *(_against(together, name, other) for other in against)])


def _against(together: Mapping[str, Array], name: str, other: str) -> str:
    (change,) = difference_intervals(together[name][:, None], together[other][:, None], seed=0)
    base = together[other].mean()
    lift, low, high = (each / base for each in (change.value, change.low, change.high))
    return f"{lift:+.0%} [{low:+.0%}, {high:+.0%}] of {other}, paired"

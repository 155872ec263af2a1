"""What words and pictures are worth for items that nobody had before, on shops whose truth is planted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.cold_items import cold_answers, without_features
from benchmarks.expected_of_new import expected_of_new, expected_share
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
RECALL, EXPECTED = "recall_at_50", "expected_share"
MEASURES = {RECALL: "", EXPECTED: "expected clicks on new items that 50 places hold, of all such; "}
AGAINST = {"ids": (), "words": ("ids",), "pictures": ("ids",), "both": ("ids", "words", "pictures")}


def rows(inputs: Inputs) -> Iterator[Result]:
    """Recall@50 among new items without content, with words, with pictures and with both; the same shops and users.

    By recall of clicks, and by the share of clicks on new items that can be expected, which is less of a draw.
    """
    for group, size in SHOPS.items():
        specs = [spec_of("demo", {**size, "seed": seed}) for seed in SEEDS]
        with progress_bars(Console(stderr=True)) as progress:
            shops = [_of_shop(spec, inputs.cache / group, progress) for spec in specs]
        for measure, meaning in MEASURES.items():
            values = {name: np.concatenate([each[measure, name] for each in shops]) for name in HIDDEN}
            for name, value in values.items():
                how = meaning + _how(values, name, specs[0].items)
                named, mean = f"{group}.{measure}.{name}", float(value.mean())
                yield Result(name=named, value=mean, unit="share", better="higher", how=how)


def _of_shop(spec: ShopSpec, cache: Path, progress: Progress) -> dict[tuple[str, str], Array]:
    """What each user gets, by measure and by what is read."""
    folder = cache / f"shop-{spec.seed}"
    if not folder.exists():
        write_shop(spec, folder, progress)
    dataset, vectors = open_dataset(folder, progress=progress), cache / "vectors.arrow"
    config = replace(demo(), seed=spec.seed)
    answers = {
        name: cold_answers(without_features(dataset, *hidden), config, cache / name, vectors, progress)
        for name, hidden in HIDDEN.items()
    }
    expected = expected_of_new(folder, answers["ids"])
    recall = {(RECALL, name): each.recall for name, each in answers.items()}
    return recall | {(EXPECTED, name): expected_share(expected, each.recommended) for name, each in answers.items()}


def _how(values: Mapping[str, Array], name: str, items: int) -> str:
    asked = f"{len(values[name]):,} users of {len(SEEDS)} simulated shops (seeds {SEEDS[0]} to {SEEDS[-1]})"
    told = f"retrieval, full ranking over {items:,} items, new ones arrive in the held-out week, embedded encoders; "
    return told + "; ".join([asked, *(_against(values, name, other) for other in AGAINST[name])])


def _against(values: Mapping[str, Array], name: str, other: str) -> str:
    (change,) = difference_intervals(values[name][:, None], values[other][:, None], seed=0)
    lift, low, high = (each / values[other].mean() for each in (change.value, change.low, change.high))
    return f"{lift:+.0%} [{low:+.0%}, {high:+.0%}] over {other}, paired"

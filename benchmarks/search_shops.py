"""The shops whose items are searched: their bundles, and queries of visitors whom training did not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.command import winnow
from benchmarks.inputs import Inputs, trained_once
from winnow.bundle.bundle import Bundle
from winnow.data.open_dataset import open_dataset
from winnow.data.split import TimeSplit
from winnow.engine.open_engine import open_engine
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Ragged

RECIPES = Path(__file__).with_name("search_recipe.py")
SIMULATED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "100k": ("search", ("--items", "100000", "--users", "100000")),
    "1m": ("search_and_rank", ("--users", "100000")),
}
"""Recipes, and options of `winnow data simulate --recipe large`, which has a million items; fewer users make training
short. Of the million requests are measured as well, so it has a ranker."""
NUM_QUERIES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchShop:
    """What is searched, and what for.

    Attributes:
        bundle: its catalogue holds the item-tower vectors.
        data: what it was trained on the first part of.
        queries: file of float32 [Q, D], query-tower outputs of the held-out time.
        told: how they were made, for people.
    """

    bundle: Path
    data: Path
    queries: Path
    told: str


def retail_shop(inputs: Inputs) -> SearchShop:
    """The Retail Demo Store, of which other benchmarks have a bundle."""
    return _asked(inputs.bundle, inputs.retail, inputs.cache / "search", "the retail bundle")


def simulated_shop(name: str, inputs: Inputs) -> SearchShop:
    """A shop of `SIMULATED`, simulated and trained once."""
    folder = inputs.cache / "search"
    folder.mkdir(parents=True, exist_ok=True)
    shop = folder / f"shop-{name}"
    recipe, options = SIMULATED[name]
    if not shop.exists():
        winnow("data", "simulate", "--recipe", "large", *options, "--out", shop)
    bundle = trained_once(f"{RECIPES}:{recipe}", shop, folder / f"bundle-{name}")
    simulated = " ".join(["winnow data simulate --recipe large", *options])
    return _asked(bundle, shop, folder, f"{simulated}, one short epoch on its first week (search_recipe.py)")


def _asked(bundle: Path, data: Path, folder: Path, told: str) -> SearchShop:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"queries-{Bundle.open(bundle).manifest.digest[:16]}.npy"
    if not file.exists():
        np.save(file, held_out_queries(bundle, data), allow_pickle=False)
    return SearchShop(bundle=bundle, data=data, queries=file, told=told)


def held_out_queries(bundle: Path, data: Path) -> Array:
    """float32 [Q, D], of some visitors of the held-out time at the instant of their first positive event in it."""
    engine, dataset = open_engine(bundle), open_dataset(data)
    split = TimeSplit.from_dict(Bundle.open(bundle).manifest.split)
    held = held_out(dataset, split, engine.catalogue, engine.seen_types)
    chosen = np.random.default_rng(0).choice(len(held), min(NUM_QUERIES, len(held)), replace=False)
    requests, _ = engine.pipeline.candidates(_requests(held.take(np.sort(chosen))))
    return requests.array("query")


def _requests(held: HeldOut) -> Requests:
    size = len(held)
    return Requests(
        request_ids=tuple(map(str, range(size))),
        user_ids=held.user_ids,
        at=held.at,
        k=np.ones(size, np.int64),
        exclude=Ragged(np.empty(0, np.int64), np.zeros(size + 1, np.int64)),
        seeds=np.arange(size, dtype=np.uint64),
        context=held.context,
    )

"""Impressions of simulated shops as the click model reads them, each beside what the truth says of it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.write_shop import write_shop
from winnow.data.split import Split, train_events
from winnow.evaluation.planted import Planted
from winnow.features.encoders.vector_cache import VectorCache
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import Clicks, train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.contents import encode_contents
from winnow.training.impression_rows import ImpressionRows, impression_rows
from winnow.training.training_set import training_set

CACHE = "rank.world"
"""Folder of the shops, which several groups judge on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInShop:
    """The N impressions of a shop by time.

    Attributes:
        batches: of all of them.
        log: the same impressions in the same order, in codes of the truth.
        until: the cut, UTC seconds.
    """

    batches: ClickBatches
    log: ImpressionLog
    until: float

    @property
    def train(self) -> Array:
        """int64, rows before the cut."""
        return np.flatnonzero(self.rows.at < self.until)

    @property
    def test(self) -> Array:
        """int64, rows after it."""
        return np.flatnonzero(self.rows.at >= self.until)

    @property
    def rows(self) -> ImpressionRows:
        """In columns."""
        return self.batches.rows

    def with_rows(self, rows: ImpressionRows) -> "ShownInShop":
        """The same impressions with other places, outcomes or last clicks; the log stays."""
        return replace(self, batches=ClickBatches.of(self.batches.data, rows, ClicksConfig(), self.until))

    def learned(self, seed: int, progress: Progress) -> Clicks:
        """The click model, trained on what was before the cut."""
        return train_clicks(self.batches, self.train, ClicksConfig(), seed, progress)

    def test_scores(self, trainings: int, progress: Progress) -> Array:
        """float32 [trainings, test], what models of several seeds say of what was after the cut."""
        trained = (self.learned(demo().seed + each, progress) for each in range(trainings))
        return np.stack([each.logits(self.batches, self.test) for each in trained])


def simulated_shop(cache: Path, number: int, progress: Progress) -> Dataset:
    """A shop of the demo's size with a seed of its own, written where it is not there yet."""
    shop = cache / CACHE / f"shop-{number}"
    if not shop.exists():
        write_shop(replace(SIZES["demo"], seed=number), shop, progress)
    return open_dataset(shop, progress=progress)


def shops_told(number: int) -> str:
    """Such shops in words."""
    return f"{number} {'shop' if number == 1 else 'shops'} as the demo's"


def planted_in(dataset: Dataset, progress: Progress) -> tuple[Split, Planted]:
    """Where time is cut, and the truth."""
    split = demo().split(dataset)
    planted = Planted.of(dataset, split, progress)
    if planted is None:
        raise ValueError(f"There is no truth beside the shop {dataset.source}.")
    return split, planted


def shown_in(dataset: Dataset, split: Split, planted: Planted, progress: Progress) -> ShownInShop:
    """Arranges all impressions of a data set, of which models may be kept from reading some features."""
    if dataset.impressions is None:
        raise ValueError(f"The schema of the shop {dataset.source} names no impressions; simulate it again.")
    cache = VectorCache(file=Path(dataset.source).with_suffix(".arrow"))
    contents = encode_contents(dataset, demo().encoders, cache, progress)
    data = training_set(dataset, train_events(dataset, split), contents, progress)
    rows = impression_rows(dataset, dataset.impressions, data)
    log = planted.log.take(planted.rows_of_log(dataset.impressions))
    until = planted.split.train_until
    return ShownInShop(batches=ClickBatches.of(data, rows, ClicksConfig(), until), log=log, until=until)

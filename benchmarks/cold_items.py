"""How well a bundle finds items that nobody had before."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, Dataset
from winnow.data.split import split_by_time, split_from_dict
from winnow.engine.open_engine import open_engine
from winnow.evaluation.answers import ask
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.evaluation.known_items import known_items
from winnow.metrics.ranking import recall_at_k
from winnow.ops.train import train
from winnow.ops.train_files import TrainFiles
from winnow.recipes.config import Config
from winnow.schema.column import Array, Bools
from winnow.schema.progress import Progress

K = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdAnswers:
    """What U users get who each want an item that nobody had before.

    Attributes:
        held: the users; right are the new items that they want.
        known: bool [I], by catalogue row, whether somebody had the item before.
        item_ids: I outside names.
        recommended: int64 [U, K], catalogue rows.
    """

    held: HeldOut
    known: Bools
    item_ids: Sequence[str]
    recommended: Array

    @property
    def recall(self) -> Array:
        """float64 [U], recall@50 among new items."""
        return recall_at_k(self.recommended, self.held.relevant, K)


def cold_answers(dataset: Dataset, config: Config, out: Path, vectors: Path, progress: Progress) -> ColdAnswers:
    """Trains retrieval, no ranker, and asks it, in full ranking over all items.

    Args:
        dataset: with items that have no event in the training time.
        config: the recipe; no ranker is trained.
        out: where the bundle goes; what is there is replaced.
        vectors: file of what encoders made.
        progress: told of the training.

    Returns:
        the answers, in the order of the data set's users.
    """
    shutil.rmtree(out, ignore_errors=True)
    bundle = train(dataset, replace(config, ranking=None), out, progress, files=TrainFiles(vectors=vectors))
    engine, split = open_engine(out), split_from_dict(bundle.manifest.split)
    known = known_items(dataset, split, engine.catalogue)
    held = held_out(dataset, split, engine.catalogue, engine.seen_types).masked().counting(~known)
    recommended = ask(engine.pipeline, held, k=K, seed=0, advance=lambda _: None).recommended
    return ColdAnswers(held=held, known=known, item_ids=engine.catalogue.item_ids, recommended=recommended)


def with_items_held_out(dataset: Dataset, holdout_days: float, share: float, seed: int) -> Dataset:
    """The same data in which a drawn share of the items has no event before the cut, as if they came after it."""
    names = np.array(dataset.items[ITEM].to_pylist(), object)
    drawn = np.random.default_rng(seed).choice(names, int(share * len(names)), replace=False)
    new = pc.is_in(dataset.events[ITEM], value_set=pa.array(drawn.tolist(), pa.string()))
    later = pc.greater_equal(dataset.events[AT], split_by_time(dataset, holdout_days).train_until)
    return replace(dataset, events=dataset.events.filter(pc.or_(later, pc.invert(new))))


def without_features(dataset: Dataset, *names: str) -> Dataset:
    """The same data whose models do not read these features."""
    features = tuple(replace(each, transform=None) if each.name in names else each for each in dataset.schema)
    return replace(dataset, schema=replace(dataset.schema, features=features))

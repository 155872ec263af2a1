"""The baselines of every report, fitted on what training knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from winnow.data.dataset import Dataset
from winnow.data.split import Split, TimeSplit, train_events
from winnow.evaluation.baseline import Baseline, rank
from winnow.evaluation.ease import MOST_ITEMS, Ease, fits_in_memory
from winnow.evaluation.held_out import HeldOut, positive
from winnow.evaluation.history import history
from winnow.evaluation.interactions import Interactions, read_interactions, visitors
from winnow.evaluation.item_to_item import ItemToItem
from winnow.evaluation.own_history import OwnHistory
from winnow.evaluation.popular import DAY_S, Popular
from winnow.evaluation.report import SeenMode
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.training.progress import Advance, Progress, counted, silent

REPEATS_ONLY = {"own_history"}
"""Baselines that can only repeat: with the history masked they have nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """Named baselines with one order of items, the most popular first, that breaks their ties.

    Attributes:
        models: by the name in reports.
        order: int64 [I].
        notes: sentences about baselines that are missing, or chosen among several.
    """

    models: Mapping[str, Baseline]
    order: Array
    notes: tuple[str, ...] = ()

    @classmethod
    def fit(cls, dataset: Dataset, split: Split, catalogue: Catalogue, progress: Progress = silent) -> "Baselines":
        """Learns from the positive events of training and nothing else; asked, it knows those of validation as well."""
        events, item_ids = positive(dataset, train_events(dataset, split)), tuple(catalogue.item_ids)
        training = read_interactions(events, visitors(dataset), item_ids)
        had = history(dataset, split, item_ids, dataset.schema.events.positives)
        fits, notes = _fits(training, had, split)
        advance = counted(progress, "Fitting baselines", 1 + len(fits))
        popular = Popular.fit(training)
        models: dict[str, Baseline] = {"popular": popular}
        for name, fit in fits.items():
            advance(1)
            models[name] = fit()
        advance(1)
        notes += tuple(f"EASE has the penalty {each.penalty:g}." for each in models.values() if isinstance(each, Ease))
        return cls(models=models, order=popular.order(), notes=notes)

    def beside(self, others: Mapping[str, Baseline]) -> "Baselines":
        """The same with other models after them."""
        return replace(self, models={**self.models, **others})

    def answering(self, seen: SeenMode) -> Mapping[str, Baseline]:
        """Those that have something to say in a setting."""
        return {name: each for name, each in self.models.items() if seen == "kept" or name not in REPEATS_ONLY}

    def rank(self, held: HeldOut, seen: SeenMode, k: int, advance: Advance) -> dict[str, Array]:
        """int64 [U, k] item rows by every baseline that answers in this setting; advances by U for each."""
        masked = held.history if seen == "masked" else None
        lists: dict[str, Array] = {}
        for name, model in self.answering(seen).items():
            lists[name] = rank(model, held.users, k, self.order, masked)
            advance(len(held))
        return lists


def _fits(
    training: Interactions, had: Interactions, split: Split
) -> tuple[dict[str, Callable[[], Baseline]], tuple[str, ...]]:
    """How each baseline besides popularity is fitted, and why some are not."""
    fits: dict[str, Callable[[], Baseline]] = {
        "own_history": partial(OwnHistory.fit, had),
        "item_to_item": partial(ItemToItem.fit, training, had),
    }
    if isinstance(split, TimeSplit):
        fits = {"popular_7d": partial(Popular.fit, training, since=split.train_until - 7 * DAY_S), **fits}
    if fits_in_memory(training):
        return {**fits, "ease": partial(Ease.fit, training, had)}, ()
    items = len(np.unique(training.items))
    told = f"EASE is left out: it weighs every pair of items, of at most {MOST_ITEMS:,}; training has {items:,}."
    return fits, (told,)

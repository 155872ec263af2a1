"""The baselines of every report, fitted on what the training time knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit, train_events
from winnow.evaluation.baseline import Baseline, rank
from winnow.evaluation.held_out import HeldOut, positive
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
    """

    models: Mapping[str, Baseline]
    order: Array

    @classmethod
    def fit(cls, dataset: Dataset, split: TimeSplit, catalogue: Catalogue, progress: Progress = silent) -> "Baselines":
        """Reads the positive events of the training time and nothing else."""
        fits: dict[str, Callable[[Interactions], Baseline]] = {
            "popular_7d": partial(Popular.fit, since=split.train_until - 7 * DAY_S),
            "own_history": OwnHistory.fit,
            "item_to_item": ItemToItem.fit,
        }
        advance = counted(progress, "Fitting baselines", 1 + len(fits))
        events = positive(dataset, train_events(dataset, split))
        training = read_interactions(events, visitors(dataset), catalogue.item_ids)
        popular = Popular.fit(training)
        models: dict[str, Baseline] = {"popular": popular}
        for name, fit in fits.items():
            advance(1)
            models[name] = fit(training)
        advance(1)
        return cls(models=models, order=popular.order())

    def beside(self, others: Mapping[str, Baseline]) -> "Baselines":
        """The same with other models after them."""
        return Baselines(models={**self.models, **others}, order=self.order)

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

"""The baselines of every report, fitted on what the training time knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit, train_events
from winnow.evaluation.baseline import Baseline, rank
from winnow.evaluation.held_out import HeldOut, positive
from winnow.evaluation.interactions import read_interactions, visitors
from winnow.evaluation.item_to_item import ItemToItem
from winnow.evaluation.own_history import OwnHistory
from winnow.evaluation.popular import DAY_S, Popular
from winnow.evaluation.report import SeenMode
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array

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
    def fit(cls, dataset: Dataset, split: TimeSplit, catalogue: Catalogue) -> "Baselines":
        """Reads the positive events of the training time and nothing else."""
        events = positive(dataset, train_events(dataset, split))
        training = read_interactions(events, visitors(dataset), catalogue.item_ids)
        popular = Popular.fit(training)
        models: dict[str, Baseline] = {
            "popular": popular,
            "popular_7d": Popular.fit(training, since=split.train_until - 7 * DAY_S),
            "own_history": OwnHistory.fit(training),
            "item_to_item": ItemToItem.fit(training),
        }
        return cls(models=models, order=popular.order())

    def rank(self, held: HeldOut, seen: SeenMode, k: int) -> dict[str, Array]:
        """int64 [U, k] item rows by every baseline that has something to say in this setting."""
        masked = held.history if seen == "masked" else None
        named = {name: each for name, each in self.models.items() if masked is None or name not in REPEATS_ONLY}
        return {name: rank(each, held.users, k, self.order, masked) for name, each in named.items()}

"""One way of treating what users had in training, and every figure that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.evaluation.answers import Answers
from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.report import Difference, FunnelRow, ReportRow, SeenMode, UserCount
from winnow.metrics.bootstrap import difference_intervals, mean_intervals
from winnow.metrics.ranking import hit_rate_at_k, ndcg_at_k, recall_at_k
from winnow.metrics.spread import coverage_at_k, gini_at_k
from winnow.schema.column import Array, Bools
from winnow.training.progress import Advance

OURS, POPULAR = "winnow", "popular"
BEST = ("oracle", "reference")
"""Models that know what can be known."""
KS = (10, 20)
PER_USER = {"recall": recall_at_k, "ndcg": ndcg_at_k, "hit_rate": hit_rate_at_k}
OF_ALL = {"coverage": coverage_at_k, "gini": gini_at_k}
COLUMNS = [(metric, k) for metric in PER_USER for k in KS]
RESAMPLINGS = 4
"""Steps of a setting: the users of each slice are resampled, and once more for the differences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The same questions to several models.

    Attributes:
        seen: what happens to items of the history.
        held: U users, at least one.
        answers: what the pipeline said, with its funnel.
        lists: int64 [U, max(KS)] item rows of each model, "winnow" among them.
        num_items: catalogue size.
    """

    seen: SeenMode
    held: HeldOut
    answers: Answers
    lists: Mapping[str, Array]
    num_items: int

    def rows(self, seed: int, advance: Advance) -> list[ReportRow]:
        """Means over the users of every slice that has some, then what describes all lists together.

        Advances by 3, one for each slice.
        """
        values, rows = self._per_user(), list[ReportRow]()
        for name, users in self._slices().items():
            rows += self._means(values, name, users, seed)
            advance(1)
        return rows + self._of_all() + self._shares(values)

    def differences(self, seed: int, advance: Advance) -> list[Difference]:
        """Winnow minus each baseline, over all users; advances by 1."""
        values = self._per_user()
        ours = values.pop(OURS)
        theirs = np.concatenate(list(values.values()), axis=1)
        intervals = difference_intervals(np.tile(ours, len(values)), theirs, seed=seed)
        advance(1)
        named = [(model, metric, k) for model in values for metric, k in COLUMNS]
        return [
            Difference(model=model, metric=metric, k=k, seen=self.seen, value=each.value, low=each.low, high=each.high)
            for (model, metric, k), each in zip(named, intervals, strict=True)
        ]

    def funnel(self) -> list[FunnelRow]:
        """The stages of the pipeline, then the answer cut at each k."""
        stages = zip(self.answers.stages, self.answers.recall.T, self.answers.candidates.T, strict=True)
        ends = [(f"top_{k}", *self._cut(k)) for k in KS]
        return [
            FunnelRow(seen=self.seen, stage=name, recall=float(recall.mean()), candidates=float(candidates.mean()))
            for name, recall, candidates in [*stages, *ends]
        ]

    def users(self) -> list[UserCount]:
        """Sizes of all slices, empty ones too."""
        return [UserCount(seen=self.seen, slice=name, users=int(users.sum())) for name, users in self._slices().items()]

    def _cut(self, k: int) -> tuple[Array, Array]:
        ours = self.lists[OURS]
        return recall_at_k(ours, self.held.relevant, k), (ours[:, :k] >= 0).sum(axis=1)

    def _slices(self) -> dict[str, Bools]:
        warm = self.held.warm
        return {"all": np.ones(len(warm), np.bool_), "warm": warm, "cold": ~warm}

    def _per_user(self) -> dict[str, Array]:
        """float64 [U, len(COLUMNS)] of each model."""
        relevant = self.held.relevant
        return {
            model: np.stack([PER_USER[metric](lists, relevant, k) for metric, k in COLUMNS], axis=1)
            for model, lists in self.lists.items()
        }

    def _means(self, values: Mapping[str, Array], name: str, users: Bools, seed: int) -> list[ReportRow]:
        if not users.any():
            return []
        intervals = mean_intervals(np.concatenate(list(values.values()), axis=1)[users], seed=seed)
        named = [(model, metric, k) for model in values for metric, k in COLUMNS]
        return [
            ReportRow(
                model=model,
                metric=metric,
                k=k,
                slice=name,
                seen=self.seen,
                value=interval.value,
                low=interval.low,
                high=interval.high,
            )
            for (model, metric, k), interval in zip(named, intervals, strict=True)
        ]

    def _shares(self, values: Mapping[str, Array]) -> list[ReportRow]:
        """Where the best that can be reached is known: the share of its lift over popularity that each model has."""
        means = {model: figures.mean(axis=0) for model, figures in values.items()}
        rows: list[ReportRow] = []
        for best in [each for each in BEST if each in means]:
            for place, (metric, k) in enumerate(COLUMNS):
                lift = means[best][place] - means[POPULAR][place]
                if metric == "ndcg" and lift > 0:
                    rows += [
                        ReportRow(
                            model=model,
                            metric=f"{best}_share_{metric}_at_{k}",
                            k=k,
                            slice="all",
                            seen=self.seen,
                            value=float((mean[place] - means[POPULAR][place]) / lift),
                        )
                        for model, mean in means.items()
                    ]
        return rows

    def _of_all(self) -> list[ReportRow]:
        return [
            ReportRow(
                model=model, metric=metric, k=k, slice="all", seen=self.seen, value=figure(lists, self.num_items, k)
            )
            for model, lists in self.lists.items()
            for metric, figure in OF_ALL.items()
            for k in KS
        ]

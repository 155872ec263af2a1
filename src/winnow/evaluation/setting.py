"""One way of treating what users had in training, and every figure that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.evaluation.answers import Answers
from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.report import Difference, FunnelRow, ReportRow, SeenMode, UserCount
from winnow.evaluation.slice import ALL, COLUMNS, KS, NAMES, NEW_ITEMS, Column, Slice
from winnow.metrics.ranking import recall_at_k
from winnow.metrics.spread import coverage_at_k, gini_at_k
from winnow.schema.column import Array
from winnow.training.progress import Advance

OURS, RETRIEVAL_ONLY, POPULAR = "winnow", "retrieval_only", "popular"
BEST = ("oracle", "reference")
"""Models that know what can be known."""
OF_ALL = {"coverage": coverage_at_k, "gini": gini_at_k}
NEW_ITEM_RECALL: Column = ("recall", 50)
"""How well new items are found: there are few, and the field states it at 50."""
COMPARED = {ALL: COLUMNS, NEW_ITEMS: (NEW_ITEM_RECALL,)}
"""Columns in which models are compared in pairs, by slice."""
RESAMPLINGS = len(NAMES) + len(COMPARED)
"""Steps of a setting: the users of each slice are resampled, and once more for its differences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The same questions to several models.

    Attributes:
        seen: what happens to items of the history.
        held: U users, at least one.
        answers: what the pipeline said, with its funnel.
        lists: int64 [U, max(KS)] item rows of each model, "winnow" among them.
        slices: those of the lists, in the order of NAMES.
        num_items: catalogue size.
    """

    seen: SeenMode
    held: HeldOut
    answers: Answers
    lists: Mapping[str, Array]
    slices: tuple[Slice, ...]
    num_items: int

    def rows(self, seed: int, advance: Advance) -> list[ReportRow]:
        """Means over the users of every slice that has some, then what describes all lists together.

        Advances by 1 for each slice.
        """
        rows: list[ReportRow] = []
        for each in self.slices:
            rows += self._means(each, seed)
            advance(1)
        return rows + self._of_all() + self._shares()

    def differences(self, seed: int, advance: Advance) -> list[Difference]:
        """Winnow minus each baseline, in the slices and columns of COMPARED; advances by 1 for each slice of it."""
        rows: list[Difference] = []
        for each in self.slices:
            if each.name in COMPARED:
                rows += self._differences(each, seed)
                advance(1)
        return rows

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
        return [
            UserCount(seen=self.seen, slice=each.name, users=len(each), relevant=each.relevant) for each in self.slices
        ]

    def _cut(self, k: int) -> tuple[Array, Array]:
        ours = self.lists[OURS]
        return recall_at_k(ours, self.held.relevant, k), (ours[:, :k] >= 0).sum(axis=1)

    def _means(self, part: Slice, seed: int) -> list[ReportRow]:
        return [
            ReportRow(
                model=model,
                metric=metric,
                k=k,
                slice=part.name,
                seen=self.seen,
                value=interval.value,
                low=interval.low,
                high=interval.high,
            )
            for (model, (metric, k)), interval in (part.means(seed) if len(part) else {}).items()
        ]

    def _differences(self, part: Slice, seed: int) -> list[Difference]:
        found = part.differences(OURS, COMPARED[part.name], seed) if len(part) else {}
        return [
            Difference(
                model=model,
                metric=metric,
                k=k,
                slice=part.name,
                seen=self.seen,
                value=interval.value,
                low=interval.low,
                high=interval.high,
            )
            for (model, (metric, k)), interval in found.items()
        ]

    def _shares(self) -> list[ReportRow]:
        """Where the best that can be reached is known: the share of its lift over popularity that each model has."""
        everyone, *_ = self.slices
        means = {model: figures.mean(axis=0) for model, figures in everyone.values.items()}
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
                            slice=ALL,
                            seen=self.seen,
                            value=float((mean[place] - means[POPULAR][place]) / lift),
                        )
                        for model, mean in means.items()
                    ]
        return rows

    def _of_all(self) -> list[ReportRow]:
        return [
            ReportRow(
                model=model, metric=metric, k=k, slice=ALL, seen=self.seen, value=figure(lists, self.num_items, k)
            )
            for model, lists in self.lists.items()
            for metric, figure in OF_ALL.items()
            for k in KS
        ]

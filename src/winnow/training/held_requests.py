"""What the ranker is judged by: later requests, which nothing was trained on."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from winnow.metrics.beyond_doubt import surely_above_zero
from winnow.metrics.binary import auc
from winnow.models.choice_loss import choice_loss
from winnow.models.wide import newcomers
from winnow.schema.column import Array, Bools
from winnow.training.ranking_rows import RankingBatches

Uses = tuple[bool, bool]
"""Whether a part of the ranker is used, for requests with a history and for those without one."""
Judge = Callable[[nn.Module], Callable[[], Uses]]
"""Asked before a part of a model is trained, and what it gave asked after that."""


def decided(uses: Uses) -> Judge:
    """A judge that knows already what is used."""
    return lambda _: lambda: uses


@dataclass(frozen=True, slots=True)
class HeldRequests:
    """R requests with one click each.

    Attributes:
        batches: gives the rows.
        rows: int64 [R].
    """

    batches: RankingBatches
    rows: Array

    def newcomers(self) -> Bools:
        """bool [R], which of them have no history."""
        return np.concatenate([newcomers(inputs).numpy() for inputs, _ in self.batches.each(self.rows)])

    def judge(self, rule: Callable[[Array, Array, Bools], Uses]) -> Judge:
        """Of judgements before and after, and of which requests have no history, the rule says what is used."""

        def before(model: nn.Module) -> Callable[[], Uses]:
            judged = self.judged(model)
            return lambda: rule(judged, self.judged(model), self.newcomers())

        return before

    def judged(self, model: nn.Module) -> Array:
        """As `judged` has it."""
        return judged(*self._answers(model))

    def measured(self, model: nn.Module) -> dict[str, float]:
        """`ranker_auc` and `ranker_choice`.

        The first is the chance that a click stands above another candidate of its request, the second the mean choice
        loss in nats.
        """
        scores_RC, labels_RC = self._answers(model)
        each = [auc(clicked, score) for clicked, score in zip(labels_RC.numpy(), scores_RC.numpy(), strict=True)]
        return {"ranker_auc": float(np.mean(each)), "ranker_choice": choice_loss(scores_RC, labels_RC).item()}

    def _answers(self, model: nn.Module) -> tuple[Tensor, Tensor]:
        """Scores and labels [R, C]."""
        with torch.inference_mode():
            parts = [(model(inputs), clicked) for inputs, clicked in self.batches.each(self.rows)]
        scores, labels = zip(*parts, strict=True)
        return torch.cat(scores), torch.cat(labels)


def judged(scores_RC: Tensor, labels_RC: Tensor) -> Array:
    """float32 [2, R]: the choice loss of each request in nats, and the discounted gain of its one click.

    The gain is 1 in the first place among the candidates drawn; among those that tie with it, the click is anywhere.
    """
    losses_R = F.cross_entropy(scores_RC, labels_RC, reduction="none")
    clicked_R1, others_RC = (scores_RC * labels_RC).sum(1, keepdim=True), labels_RC == 0
    above_R = ((scores_RC > clicked_R1) & others_RC).sum(1)
    ties_R = ((scores_RC == clicked_R1) & others_RC).sum(1)
    gain_of_rank = 1 / torch.log2(torch.arange(scores_RC.shape[1]) + 2.0)
    summed = F.pad(gain_of_rank.cumsum(0), (1, 0))
    gains_R = (summed[above_R + ties_R + 1] - summed[above_R]) / (ties_R + 1)
    return torch.stack([losses_R, gains_R]).numpy()


def plain_proves(before: Array, after: Array, newcomers: Bools) -> Uses:
    """Whether a wide part is used: where it does better.

    The weights for newcomers, who are few, are those for the others, moved by what newcomers did. So where the others
    prove better, it is enough that theirs do not prove worse.

    Args:
        before: float32 [2, R] as `judged` gives it.
        after: likewise.
        newcomers: bool [R], requests without a history.
    """
    known, theirs = is_better(before[:, ~newcomers], after[:, ~newcomers]), (before[:, newcomers], after[:, newcomers])
    return known, is_better(*theirs) or (known and not is_worse(*theirs))


def deep_proves(before: Array, after: Array, newcomers: Bools) -> Uses:
    """Whether a deep part is used, which takes time to serve: where clicks move up beyond doubt; arguments likewise."""
    known, new = (is_better(before[:, which], after[:, which], lifting=True) for which in (~newcomers, newcomers))
    return known, new


def is_better(before: Array, after: Array, *, lifting: bool = False) -> bool:
    """Whether clicks became likelier beyond doubt, and did not move down beyond doubt; if `lifting`, surely moved up.

    What tells the hopeless apart, of which there are many, makes clicks likelier and decides no first place.
    """
    likelier, higher = before[0] - after[0], after[1] - before[1]
    return surely_above_zero(likelier) and (surely_above_zero(higher) if lifting else not surely_above_zero(-higher))


def is_worse(before: Array, after: Array) -> bool:
    """Whether clicks became less likely in the mean, or moved down beyond doubt; arguments as of `is_better`."""
    likelier, higher = before[0] - after[0], after[1] - before[1]
    return not likelier.size or bool(likelier.mean() < 0) or surely_above_zero(-higher)

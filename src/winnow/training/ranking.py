"""Ranker training on the candidates that retrieval really proposes.

It learns to choose: which candidate of a request is clicked. So its scores order the candidates of one request and say
no more: they are not probabilities.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from winnow.models.choice_loss import choice_loss
from winnow.models.dlrm import REQUESTS, Dlrm
from winnow.models.interaction import DlrmSizes
from winnow.models.wide import NEW, NEWCOMER, Wide, kinds_of, said_of
from winnow.schema.column import Array
from winnow.schema.errors import DataError, RecipeError
from winnow.schema.feature import Entity
from winnow.training.conditional_logit import conditional_logit
from winnow.training.held_requests import HeldRequests, Judge, Uses, decided, deep_proves, plain_proves
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.ranking_rows import RankingBatches, RankingRows
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet

PARTS = ("ranker_wide", "ranker_wide_newcomers", "ranker_deep", "ranker_deep_newcomers")
"""Of the ranker, which are used or not, for requests with a history and for those without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingConfig:
    """How the ranker is trained.

    Attributes:
        sizes: of its networks.
        share: of the training time's positives, the latest, are what the ranker learns on. The retrieval that proposes
            their candidates is trained on those before: it must not have seen what it is asked.
        requests: most of them that are replayed, the latest first.
        negatives: candidates that are drawn beside each click.
        epochs: passes over the rows.
        batch_size: requests a step.
        learning_rate: highest rate of AdamW; falls to zero along a cosine.
        weight_decay: share of the weights of the deep part that a step of rate 1 takes away; 0 for none.
        wide_penalty: holds the wide part to the order of retrieval; it solves for the others.
        dropout: of content, so that items without it are ranked by what else they are; ids are not read.
    """

    sizes: DlrmSizes = field(default_factory=DlrmSizes)
    share: float = 0.2
    requests: int = 60_000
    negatives: int = 31
    epochs: int = 2
    batch_size: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    wide_penalty: float = 10.0
    dropout: ItemDropout = field(default_factory=ItemDropout)

    def __post_init__(self) -> None:
        sizes = ("share", "requests", "negatives", "epochs", "batch_size")
        check_positive("ranking", self, (*sizes, "learning_rate", "wide_penalty"))
        if self.weight_decay != 0:
            check_positive("ranking", self, ("weight_decay",))
        if self.share >= 1:
            raise RecipeError(f"The recipe's ranking has share {self.share!r}; less than 1 is wanted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """What ranker training learned.

    Attributes:
        model: in evaluation mode; the wide part alone where the deep one is not in use.
        metrics: on the later half of the requests, of what the earlier half taught, `ranker_auc`, the chance that a
            click stands above another candidate of its request, and `ranker_choice`, the choice loss in nats; and of
            each of PARTS whether it is in use, 1 or 0.
    """

    model: Dlrm | Wide
    metrics: Mapping[str, float]


def train_ranking(data: TrainingSet, rows: RankingRows, config: RankingConfig, seed: int, progress: Progress) -> Ranker:
    """Trains the ranker to choose the click among candidates that were not clicked.

    The wide part is solved first; the deep part, where no click model knows what was shown, learns what that leaves
    unexplained. Each is used only where it proved good on the later half of the requests when it had learned from the
    earlier one: few rows are easily learned by heart, what is true of a day is not of the next, and neither will come
    back. What is used learns from all of them.

    Args:
        data: features.
        rows: replayed requests.
        config: how.
        seed: of weights, order and masks.
        progress: told after every step.

    Raises:
        DataError: there are fewer than two rows, one to train on and one to hold aside.
    """
    if len(rows) < 2:
        raise DataError(
            f"A ranker needs at least 2 replayed requests whose click is among the candidates; there are {len(rows)}, "
            f"which is {rows.retrieved:.1%} of those replayed. Use more data, or a recipe without ranking."
        )
    batches = RankingBatches(data, rows, config.dropout)
    order = np.argsort(data.interactions.at[rows.examples], kind="stable")
    earlier, later = np.array_split(order, 2)
    held = HeldRequests(batches, later)
    trial = _Training(batches, earlier, replace(config, epochs=2 * config.epochs), seed, progress)
    wide = trial.wide(held.judge(plain_proves))
    # What was shown is learned by the click model, from more rows and as of every day: it is the deep part then.
    deep = (False, False) if rows.clicks.shape[2] else trial.deep(held.judge(deep_proves))
    final = _Training(batches, order, config, seed, progress)
    final.wide(decided(wide))
    if any(deep):
        final.deep(decided(deep))
    parts = dict(zip(PARTS, map(float, (*wide, *deep)), strict=True))
    return Ranker(model=final.in_use(deep), metrics={**held.measured(trial.in_use(deep)), **parts})


class _Training:
    """An untrained ranker, and how its parts are trained; arguments as of `train_ranking`."""

    def __init__(
        self, batches: RankingBatches, rows: Array, config: RankingConfig, seed: int, progress: Progress
    ) -> None:
        self.batches, self.rows, self.config, self.progress = batches, rows, config, progress
        self.generator = seeded(seed)
        user, context, item = (batches.data.inputs(each) for each in (Entity.USER, Entity.CONTEXT, Entity.ITEM))
        inputs, _ = batches(rows[:1])
        self.model = Dlrm(user, context, item, said_of(inputs).shape[2], config.sizes)

    def in_use(self, deep: Uses) -> Dlrm | Wide:
        """The wide part alone where the deep one is not used."""
        return (self.model if any(deep) else self.model.wide).eval()

    def wide(self, judge: Judge) -> Uses:
        """Solves the wide part and keeps what is used of it."""
        return self._part(self.model.wide.weight, NEWCOMER, self._solve, judge)

    def deep(self, judge: Judge) -> Uses:
        """Trains the deep part and keeps what is used of it."""
        return self._part(self.model.logit.weight, REQUESTS.index("newcomer"), self._learn, judge)

    def _part(self, weight: Tensor, newcomer: int, train: Callable[[], None], judge: Judge) -> Uses:
        """Trains, and puts back the weights that are not used.

        Args:
            weight: of which the rows before `newcomer` are for requests with a history, and the others for those
                without.
            newcomer: a row.
            train: changes the weight, and others that count only through it.
            judge: asked before and after.
        """
        start, decide = weight.detach().clone(), judge(self.model)
        train()
        uses = decide()
        for used, rows in zip(uses, (slice(newcomer), slice(newcomer, None)), strict=True):
            if not used:
                weight.detach()[rows] = start[rows]
        return uses

    def _solve(self) -> None:
        parts = [(said_of(inputs), kinds_of(inputs), labels) for inputs, labels in self.batches.each(self.rows)]
        said, kinds, labels = (torch.cat(each) for each in zip(*parts, strict=True))
        weight, penalty = self.model.wide.weight.detach(), self.config.wide_penalty
        weight[:] = conditional_logit(said, kinds, labels, weight.clone(), penalty)
        # Newcomers are few: they are believed to choose as others do among what is new to them, until they say
        # otherwise.
        weight[NEWCOMER], theirs = weight[NEW], (kinds == NEWCOMER).all(1)
        weight[:] = conditional_logit(said[theirs], kinds[theirs], labels[theirs], weight.clone(), penalty)

    def _learn(self) -> None:
        config, model, number_of_rows = self.config, self.model, len(self.rows)
        deep = [each for name, each in model.named_parameters() if not name.startswith("wide.")]
        optimizer = torch.optim.AdamW(deep, lr=config.learning_rate, weight_decay=config.weight_decay)
        steps = max(1, -(-number_of_rows // config.batch_size))
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
        for epoch in range(config.epochs):
            for number, chosen in enumerate(np.array_split(self.generator.permutation(self.rows), steps)):
                inputs, labels = self.batches(chosen, self.generator)
                loss = choice_loss(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                self.progress("Training the ranker", epoch * steps + number + 1, config.epochs * steps)

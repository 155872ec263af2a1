"""Ranker training on the candidates that retrieval really proposes.

It learns to choose: which candidate of a request is clicked. So its scores order the candidates of one request and say
no more: they are not probabilities.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from winnow.metrics.binary import auc
from winnow.models.choice_loss import choice_loss
from winnow.models.dlrm import Dlrm, DlrmSizes, said_of, without_history
from winnow.schema.column import Array, Bools
from winnow.schema.errors import DataError, RecipeError
from winnow.schema.feature import Entity
from winnow.training.conditional_logit import conditional_logit
from winnow.training.item_dropout import ItemDropout, hide_ids
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet, without_empty

VALIDATION_SHARE = 0.1
"""Share of the replayed requests that is held aside: the latest, as what the ranker will meet is later still."""


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
        dropout: of ids and content, so that new items are ranked by what they are.
    """

    sizes: DlrmSizes = field(default_factory=DlrmSizes)
    share: float = 0.2
    requests: int = 60_000
    negatives: int = 31
    epochs: int = 2
    batch_size: int = 128
    learning_rate: float = 3e-4
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
class RankingRows:
    """Replayed requests: what the ranker would have seen, and what was clicked.

    Attributes:
        examples: int64 [R], positions among the training set's interactions.
        tower: float32 [I, D], the item vectors of the retrieval that proposed the candidates.
        query, history_vector: float32 [R, D].
        items: int64 [R, C], candidates' item rows.
        match: float32 [R, C, M], how each meets the history.
        source_features: float32 [R, C, 2 S], what each of S sources said of it.
        labels: float32 [R, C], 1 where clicked.
        unknown: bool [I], items that this retrieval has not known. They stand for those that will be new to the final
            one, so the ranker sees what they are and never which.
        retrieved: share of replayed requests whose click was among the candidates; the others are not here.
    """

    examples: Array
    tower: Array
    query: Array
    history_vector: Array
    items: Array
    match: Array
    source_features: Array
    labels: Array
    unknown: Bools
    retrieved: float

    def __len__(self) -> int:
        return len(self.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """What ranker training learned.

    Attributes:
        model: in evaluation mode.
        metrics: on the requests held aside, `ranker_auc`, the chance that a click stands above another candidate of its
            request; `ranker_choice`, the choice loss in nats; and of `ranker_wide`, `ranker_wide_newcomers` and
            `ranker_deep` whether the part is in use, 1 or 0.
    """

    model: Dlrm
    metrics: Mapping[str, float]


def train_ranking(data: TrainingSet, rows: RankingRows, config: RankingConfig, seed: int, progress: Progress) -> Ranker:
    """Trains the ranker to choose the click among candidates that were not clicked.

    The wide part is solved first; the deep part learns what that leaves unexplained. Each is used only where it does
    better on later requests beyond doubt: few rows are easily learned by heart, and will not come back.

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
    generator = seeded(seed)
    model = Dlrm(
        data.inputs(Entity.USER),
        data.inputs(Entity.CONTEXT),
        data.inputs(Entity.ITEM),
        rows.match.shape[2] + rows.source_features.shape[2],
        config.sizes,
    )
    order = np.argsort(data.interactions.at[rows.examples], kind="stable")
    aside = max(1, int(len(rows) * VALIDATION_SHARE))
    used, held = order[:-aside], order[-aside:]
    batch = _Batches(data, rows, config.dropout)
    wide = _solve_wide(model, batch, (used, held), config.wide_penalty)
    before = _judged(model, batch, held)
    deep = [each for name, each in model.named_parameters() if not name.startswith("wide.")]
    optimizer = torch.optim.AdamW(deep, lr=config.learning_rate, weight_decay=config.weight_decay)
    steps = max(1, -(-len(used) // config.batch_size))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
    for epoch in range(config.epochs):
        for number, chosen in enumerate(np.array_split(generator.permutation(used), steps)):
            inputs, labels = batch(chosen, generator)
            loss = choice_loss(model(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            progress("Training the ranker", epoch * steps + number + 1, config.epochs * steps)
    parts = {**wide, "ranker_deep": float(is_better(before, _judged(model, batch, held)))}
    if not parts["ranker_deep"]:
        torch.nn.init.zeros_(model.logit.weight)
    return Ranker(model=model.eval(), metrics={**_measure(model, batch, held), **parts})


def is_better(before: Array, after: Array) -> bool:
    """Whether clicks became likelier beyond doubt, and did not move down beyond doubt.

    What tells the hopeless apart, of which there are many, makes clicks likelier and decides no first place.

    Args:
        before: float32 [2, R] as `_judged` gives it.
        after: likewise.
    """
    likelier, higher = before[0] - after[0], after[1] - before[1]
    return surely_above_zero(likelier) and not surely_above_zero(-higher)


def surely_above_zero(gains: Array) -> bool:
    """Whether the mean of some numbers lies more than two of its standard errors above zero; of one, nobody knows."""
    return len(gains) > 1 and float(gains.mean()) > 2 * float(gains.std(ddof=1)) / math.sqrt(len(gains))


def _solve_wide(model: Dlrm, batch: "_Batches", rows: tuple[Array, Array], penalty: float) -> dict[str, float]:
    """Requests with a history and those without one, each for itself; tells which were solved to later ones' good.

    Args:
        model: whose wide part is solved; what does no good stays as it was.
        batch: gives the rows.
        rows: to learn on, and held aside.
        penalty: as of `conditional_logit`.
    """
    said, labels, newcomers = _said(batch, rows[0])
    _, _, later_newcomers = _said(batch, rows[1])
    weights, before = model.wide.weight.detach(), _judged(model, batch, rows[1])
    start = weights.clone()
    for row, which in enumerate((~newcomers, newcomers)):
        weights[row] = conditional_logit(said[which], labels[which], start[row], penalty)
    after, kinds = _judged(model, batch, rows[1]), (~later_newcomers, later_newcomers)
    solved = [is_better(before[:, which.numpy()], after[:, which.numpy()]) for which in kinds]
    for row in np.flatnonzero(~np.array(solved)):
        weights[row] = start[row]
    return dict(zip(("ranker_wide", "ranker_wide_newcomers"), map(float, solved), strict=True))


def _said(batch: "_Batches", rows: Array) -> tuple[Tensor, Tensor, Tensor]:
    """What is said [R, C, S], labels [R, C], and bool [R], which requests have no history."""
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for chosen in _chunks(rows, 512):
        inputs, labels = batch(chosen)
        parts.append((said_of(inputs), labels, without_history(inputs)))
    said, labels, newcomers = zip(*parts, strict=True)
    return torch.cat(said), torch.cat(labels), torch.cat(newcomers)


@dataclass(frozen=True, slots=True)
class _Batches:
    """Rows to model inputs."""

    data: TrainingSet
    rows: RankingRows
    dropout: ItemDropout

    def __call__(self, chosen: Array, masking: np.random.Generator | None = None) -> tuple[dict[str, Tensor], Tensor]:
        """Without `masking` nothing is hidden but which the unknown items are."""
        items = self.rows.items[chosen]
        item_arrays = hide_ids(self.data, self.data.item_arrays(items), self.rows.unknown[items])
        arrays = {
            **self.data.request_arrays(self.rows.examples[chosen], masking),
            **(item_arrays if masking is None else self.dropout(self.data, item_arrays, masking)),
            "query": self.rows.query[chosen],
            "history_vector": self.rows.history_vector[chosen],
            "item_tower": self.rows.tower[items],
            "match": self.rows.match[chosen],
            "source_features": self.rows.source_features[chosen],
        }
        inputs = {name: torch.from_numpy(array) for name, array in without_empty(arrays).items()}
        return inputs, torch.from_numpy(self.rows.labels[chosen])


def _judged(model: Dlrm, batch: _Batches, held: Array) -> Array:
    """float32 [2, R]: the choice loss of each request in nats, and the discounted gain of its click.

    The gain is 1 in the first place among the candidates drawn; among those that tie with it, the click is anywhere.
    """
    scores_RC, labels_RC = _answers(model, batch, held)
    losses = [choice_loss(*each) for each in zip(scores_RC.split(1), labels_RC.split(1), strict=True)]
    clicked_R1, others_RC = (scores_RC * labels_RC).sum(1, keepdim=True), labels_RC == 0
    above_R = ((scores_RC > clicked_R1) & others_RC).sum(1)
    ties_R = ((scores_RC == clicked_R1) & others_RC).sum(1)
    gain_of_rank = 1 / torch.log2(torch.arange(scores_RC.shape[1]) + 2.0)
    summed = torch.nn.functional.pad(gain_of_rank.cumsum(0), (1, 0))
    gains_R = (summed[above_R + ties_R + 1] - summed[above_R]) / (ties_R + 1)
    return torch.stack([torch.stack(losses), gains_R]).numpy()


def _answers(model: Dlrm, batch: _Batches, held: Array) -> tuple[Tensor, Tensor]:
    """Scores and labels [R, C]."""
    parts: list[tuple[Tensor, Tensor]] = []
    with torch.inference_mode():
        for chosen in _chunks(held, 512):
            inputs, clicked = batch(chosen)
            parts.append((model(inputs), clicked))
    scores, labels = zip(*parts, strict=True)
    return torch.cat(scores), torch.cat(labels)


def _measure(model: Dlrm, batch: _Batches, held: Array) -> dict[str, float]:
    scores_RC, labels_RC = _answers(model, batch, held)
    each = [auc(clicked, score) for clicked, score in zip(labels_RC.numpy(), scores_RC.numpy(), strict=True)]
    return {"ranker_auc": float(np.mean(each)), "ranker_choice": choice_loss(scores_RC, labels_RC).item()}


def _chunks(rows: Array, size: int) -> Iterator[Array]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]

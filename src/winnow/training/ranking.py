"""Ranker training on the candidates that retrieval really proposes.

It learns to choose: which candidate of a request is clicked. So its scores order the candidates of one request and say
no more; they become probabilities by calibration, which comes with the issue on ranking.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from winnow.metrics.binary import auc
from winnow.models.choice_loss import choice_loss
from winnow.models.dlrm import Dlrm, DlrmSizes
from winnow.schema.column import Array, Bools
from winnow.schema.errors import DataError, RecipeError
from winnow.schema.feature import Entity
from winnow.training.item_dropout import ItemDropout, hide_ids
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet, without_empty

VALIDATION_SHARE = 0.05
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
        wide_learning_rate: the same for the few weights of the wide part, which mean something each
            and must move far.
        weight_decay: share of all other weights that a step of rate 1 takes away; 0 for none.
        dropout: of ids and content, so that new items are ranked by what they are.
    """

    sizes: DlrmSizes = field(default_factory=DlrmSizes)
    share: float = 0.2
    requests: int = 60_000
    negatives: int = 31
    epochs: int = 2
    batch_size: int = 128
    learning_rate: float = 3e-4
    wide_learning_rate: float = 1e-2
    weight_decay: float = 0.01
    dropout: ItemDropout = field(default_factory=ItemDropout)

    def __post_init__(self) -> None:
        sizes = ("share", "requests", "negatives", "epochs", "batch_size")
        check_positive("ranking", self, (*sizes, "learning_rate", "wide_learning_rate"))
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
            request, and `ranker_choice`, the choice loss in nats.
    """

    model: Dlrm
    metrics: Mapping[str, float]


def train_ranking(data: TrainingSet, rows: RankingRows, config: RankingConfig, seed: int, progress: Progress) -> Ranker:
    """Trains the ranker to choose the click among candidates that were not clicked.

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
    optimizer = _optimizer(model, config)
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
    return Ranker(model=model.eval(), metrics=_measure(model, batch, held))


def _optimizer(model: Dlrm, config: RankingConfig) -> torch.optim.Optimizer:
    wide = [*model.wide.parameters()]
    deep = [each for each in model.parameters() if all(each is not other for other in wide)]
    return torch.optim.AdamW(
        [
            {"params": wide, "lr": config.wide_learning_rate, "weight_decay": 0.0},
            {"params": deep, "lr": config.learning_rate, "weight_decay": config.weight_decay},
        ]
    )


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


def _measure(model: Dlrm, batch: _Batches, held: Array) -> dict[str, float]:
    scores: list[Tensor] = []
    labels: list[Tensor] = []
    with torch.inference_mode():
        for chosen in _chunks(held, 512):
            inputs, clicked = batch(chosen)
            scores.append(model(inputs))
            labels.append(clicked)
    scores_RC, labels_RC = torch.cat(scores), torch.cat(labels)
    each = [auc(clicked, score) for clicked, score in zip(labels_RC.numpy(), scores_RC.numpy(), strict=True)]
    return {"ranker_auc": float(np.mean(each)), "ranker_choice": choice_loss(scores_RC, labels_RC).item()}


def _chunks(rows: Array, size: int) -> Iterator[Array]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]

"""Ranker training on the candidates that retrieval really proposes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from winnow.metrics.binary import auc, logloss
from winnow.models.dlrm import Dlrm, DlrmSizes
from winnow.models.losses import click_loss
from winnow.schema.column import Array
from winnow.schema.errors import DataError, RecipeError
from winnow.schema.feature import Entity
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet, without_empty

VALIDATION_SHARE = 0.05


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
        learning_rate: highest rate of Adam; falls to zero along a cosine.
        dropout: of ids and content, so that new items are ranked by what they are.
    """

    sizes: DlrmSizes = field(default_factory=DlrmSizes)
    share: float = 0.2
    requests: int = 60_000
    negatives: int = 31
    epochs: int = 2
    batch_size: int = 128
    learning_rate: float = 1e-3
    dropout: ItemDropout = field(default_factory=ItemDropout)

    def __post_init__(self) -> None:
        check_positive("ranking", self, ("share", "requests", "negatives", "epochs", "batch_size", "learning_rate"))
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
    retrieved: float

    def __len__(self) -> int:
        return len(self.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """What ranker training learned.

    Attributes:
        model: in evaluation mode.
        metrics: AUC and log loss (nats) on requests held aside.
    """

    model: Dlrm
    metrics: Mapping[str, float]


def train_ranking(data: TrainingSet, rows: RankingRows, config: RankingConfig, seed: int, progress: Progress) -> Ranker:
    """Trains the ranker on clicks against candidates that were not clicked.

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
    order = generator.permutation(len(rows))
    aside = max(1, int(len(rows) * VALIDATION_SHARE))
    held, used = order[:aside], order[aside:]
    batch = _Batches(data, rows, config.dropout)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    steps = max(1, -(-len(used) // config.batch_size))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
    for epoch in range(config.epochs):
        for number, chosen in enumerate(np.array_split(generator.permutation(used), steps)):
            inputs, labels = batch(chosen, generator)
            loss = click_loss(model(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            progress("Training the ranker", epoch * steps + number + 1, config.epochs * steps)
    return Ranker(model=model.eval(), metrics=_measure(model, batch, held))


@dataclass(frozen=True, slots=True)
class _Batches:
    """Rows to model inputs."""

    data: TrainingSet
    rows: RankingRows
    dropout: ItemDropout

    def __call__(self, chosen: Array, masking: np.random.Generator | None = None) -> tuple[dict[str, Tensor], Tensor]:
        """Without `masking` nothing is hidden."""
        items = self.rows.items[chosen]
        item_arrays = self.data.item_arrays(items)
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
    logits: list[Array] = []
    labels: list[Array] = []
    with torch.inference_mode():
        for chosen in _chunks(held, 512):
            inputs, label = batch(chosen)
            logits.append(model(inputs).numpy().ravel())
            labels.append(label.numpy().ravel())
    truth, probability = np.concatenate(labels), 1 / (1 + np.exp(-np.concatenate(logits).astype(np.float64)))
    return {"ranker_auc": auc(truth, probability), "ranker_logloss": logloss(truth, probability)}


def _chunks(rows: Array, size: int) -> Iterator[Array]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]

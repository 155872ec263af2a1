"""Retrieval training: both towers on next-item prediction, with mixed negatives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from winnow.models.losses import log_expected_count, sampled_softmax
from winnow.models.towers import ItemTower, QueryTower
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalConfig:
    """How the two towers are trained.

    Attributes:
        dim: width of the space that both towers map to.
        epochs: passes over all examples.
        batch_size: examples a step, which are also the in-batch negatives.
        uniform_negatives: items drawn uniformly a step.
        learning_rate: highest rate of Adam; falls to zero along a cosine.
        dropout: of ids and content, so that new items get a useful vector.
        temperature: of the softmax at the start; learned from there.
    """

    dim: int = 64
    epochs: int = 4
    batch_size: int = 1024
    uniform_negatives: int = 1024
    learning_rate: float = 5e-3
    dropout: ItemDropout = field(default_factory=ItemDropout)
    temperature: float = 0.1

    def __post_init__(self) -> None:
        check_positive("retrieval", self, ("dim", "epochs", "batch_size", "uniform_negatives", "learning_rate"))
        check_positive("retrieval", self, ("temperature",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Towers:
    """What retrieval training learned.

    Attributes:
        query, item: in evaluation mode.
        metrics: loss of the last epoch, in nats.
    """

    query: QueryTower
    item: ItemTower
    metrics: Mapping[str, float]


def train_retrieval(data: TrainingSet, config: RetrievalConfig, seed: int, progress: Progress) -> Towers:
    """Trains both towers.

    Source: Yi et al., Sampling-bias-corrected neural modeling for large corpus item recommendations, RecSys 2019.
    """
    generator = seeded(seed)
    query = QueryTower(data.inputs(Entity.USER), data.inputs(Entity.CONTEXT), config.dim)
    item = ItemTower(data.inputs(Entity.ITEM), config.dim)
    log_scale = nn.Parameter(torch.tensor(1.0 / config.temperature).log())
    weights = example_weights(data.interactions.first)
    share = np.bincount(data.interactions.items, weights, minlength=data.num_items)
    step = _Step(data, config, query, item, log_scale, torch.from_numpy(share.astype(np.float32)))
    optimizer = torch.optim.Adam([*query.parameters(), *item.parameters(), log_scale], lr=config.learning_rate)
    batches = max(1, len(data.interactions) // config.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * batches)
    losses: list[float] = []
    for epoch in range(config.epochs):
        losses.clear()
        order = generator.choice(len(weights), len(weights), p=weights)
        for number, examples in enumerate(np.array_split(order, batches)):
            loss = step(examples, generator)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            progress("Training retrieval", epoch * batches + number + 1, config.epochs * batches)
    return Towers(query=query.eval(), item=item.eval(), metrics={"retrieval_loss": float(np.mean(losses))})


@dataclass(frozen=True, slots=True)
class _Step:
    """One batch to its loss."""

    data: TrainingSet
    config: RetrievalConfig
    query: QueryTower
    item: ItemTower
    log_scale: nn.Parameter
    share: Tensor

    def __call__(self, examples: Array, generator: np.random.Generator) -> Tensor:
        data = self.data
        positives = data.interactions.items[examples]
        known = data.known_items
        uniform = known[generator.integers(len(known), size=self.config.uniform_negatives)]
        past = data.interactions.past(examples, data.schema.history.length)
        shown, place = distinct(data.num_items, positives, uniform, past.values)
        vectors = self.item(self._item_inputs(shown, generator))
        positive_B, uniform_N = torch.from_numpy(place[positives]), torch.from_numpy(place[uniform])
        request = {name: torch.from_numpy(a) for name, a in data.request_arrays(examples, generator).items()}
        # The mean of each history in one pass: the gathered [B, L, D] that the exported tower takes is never made.
        pooled_BD = nn.functional.embedding_bag(
            torch.from_numpy(place[past.values]), vectors, torch.from_numpy(past.offsets[:-1]), mode="mean"
        )
        any_history_B1 = torch.from_numpy((past.lengths > 0).astype(np.float32)[:, None])
        query_BD = self.query.of_pooled(request, pooled_BD, any_history_B1)
        sampled_N = torch.cat([positive_B, uniform_N])
        scale = self.log_scale.exp()
        positive = (query_BD * vectors[positive_B]).sum(1) * scale
        negatives = query_BD @ vectors[sampled_N].T * scale
        rows_N = torch.from_numpy(np.concatenate([positives, uniform]))
        expected = log_expected_count(self.share[rows_N], len(positives), len(uniform), len(known))
        hits = rows_N.unsqueeze(0) == rows_N[: len(positives)].unsqueeze(1)
        return sampled_softmax(positive, negatives, expected, hits)

    def _item_inputs(self, rows: Array, generator: np.random.Generator) -> dict[str, Tensor]:
        arrays = self.config.dropout(self.data, self.data.item_arrays(rows), generator)
        return {name: torch.from_numpy(array) for name, array in arrays.items()}


def example_weights(first: Bools) -> Array:
    """Chances of the examples to be drawn, float64 [N] with sum 1: first-time clicks make at least half.

    The service hides what a user has had, so what counts is to find what is new to them; where people mostly return to
    the same items, such clicks would otherwise be lost among the repeats.
    """
    weights = np.ones(len(first))
    if 0 < first.sum() < len(first) / 2:
        weights[first] = (~first).sum() / first.sum()
    return weights / weights.sum()


def distinct(num_items: int, *rows: Array) -> tuple[Array, Array]:
    """The distinct items among `rows`, rising, and int64 [num_items] with the place of each among them."""
    marked = np.zeros(num_items, bool)
    for each in rows:
        marked[each.ravel()] = True
    place = np.cumsum(marked) - 1
    return np.flatnonzero(marked), place


def item_vectors(data: TrainingSet, tower: ItemTower, chunk: int = 65_536) -> Array:
    """float32 [I, D], unit length: the item tower over the whole catalogue."""
    vectors: list[Array] = []
    with torch.inference_mode():
        for start in range(0, data.num_items, chunk):
            rows = np.arange(start, min(start + chunk, data.num_items))
            inputs = {name: torch.from_numpy(array) for name, array in data.item_arrays(rows).items()}
            vectors.append(tower(inputs).numpy())
    return np.concatenate(vectors)


def query_vectors(data: TrainingSet, towers: Towers, vectors: Array, examples: Array) -> Array:
    """float32 [B, D], unit length: the query tower on training requests, nothing masked.

    Args:
        data: gives the requests.
        towers: trained.
        vectors: float32 [I, D] of the item tower.
        examples: int64 [B], positions among the interactions.
    """
    past = data.interactions.past(examples, data.schema.history.length)
    rows, present = past.padded(max(1, int(past.lengths.max(initial=0))))
    request = {name: torch.from_numpy(array) for name, array in data.request_arrays(examples).items()}
    with torch.inference_mode():
        query, _ = towers.query(
            {
                **request,
                "history_vectors": torch.from_numpy(vectors[rows]),
                "history_present": torch.from_numpy(present.astype(np.float32)),
            }
        )
    return query.numpy()

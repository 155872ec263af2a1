"""Retrieval training: both towers on next-item prediction, every prefix of a history an example."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn

from winnow.models.towers import ItemTower, QueryTower
from winnow.schema.column import Array, Bools, Ragged
from winnow.schema.feature import Entity
from winnow.training.negatives import Negatives, positives_of_users
from winnow.training.progress import Progress
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.retrieval_step import RetrievalStep
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet
from winnow.training.windows import windows_of

WARM_UP = 0.03
"""Share of all steps over which the learning rate rises."""


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
    step = retrieval_step(data, config)
    weights = [*step.query.parameters(), *step.item.parameters(), step.log_scale]
    optimizer = torch.optim.AdamW(decayed(weights, config.weight_decay), lr=config.learning_rate)
    total = config.epochs * -(-len(data.interactions) // config.batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, partial(rate_at, total=total))
    losses: list[float] = []
    done = 0
    for _ in range(config.epochs):
        losses.clear()
        for batch in step.windows.batches(config.batch_size, generator):
            loss = step(batch, generator)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            done += 1
            progress("Training retrieval", min(done, total), total)
    metrics = {"retrieval_loss": float(np.mean(losses)), "temperature": (-step.log_scale).exp().item()}
    return Towers(query=step.query.eval(), item=step.item.eval(), metrics=metrics)


def retrieval_step(data: TrainingSet, config: RetrievalConfig) -> RetrievalStep:
    """New towers, with all that their training reads."""
    interactions = data.interactions
    share = np.bincount(interactions.items, minlength=data.num_items) / max(1, len(interactions))
    return RetrievalStep(
        data=data,
        config=config,
        windows=windows_of(interactions, data.schema.history.length),
        weights=example_weights(interactions.first),
        query=QueryTower(data.inputs(Entity.USER), data.inputs(Entity.CONTEXT), config.dim, config.encoder),
        item=ItemTower(data.inputs(Entity.ITEM), config.dim),
        log_scale=nn.Parameter(torch.tensor(1.0 / config.temperature).log()),
        negatives=Negatives(config=config, known=data.known_items, share=torch.from_numpy(share.astype(np.float32))),
        own=positives_of_users(interactions),
    )


def decayed(weights: Iterable[nn.Parameter], weight_decay: float) -> list[dict[str, Any]]:
    """Groups for the optimizer: matrices decay, biases, scales and other single numbers or rows do not."""
    kinds: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for each in weights:
        kinds[each.ndim > 1].append(each)
    return [{"params": kinds[True], "weight_decay": weight_decay}, {"params": kinds[False], "weight_decay": 0.0}]


def rate_at(step: int, total: int) -> float:
    """Share of the highest learning rate: up over the first steps, then down to zero along a cosine."""
    rise = min(1.0, (step + 1) / max(1.0, WARM_UP * total))
    return rise * 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))


def example_weights(first: Bools) -> Array:
    """What each example counts, float32 [N], 1 on average: first-time clicks together at least half.

    The service hides what a user has had, so what counts is to find what is new to them; where people mostly return to
    the same items, such clicks would otherwise be lost among the repeats.
    """
    weights = np.ones(len(first))
    if 0 < first.sum() < len(first) / 2:
        weights[first] = (~first).sum() / first.sum()
    return (weights / weights.mean()).astype(np.float32) if len(weights) else weights.astype(np.float32)


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
    interactions = data.interactions
    past = interactions.past(examples, data.schema.history.length)
    width = max(1, int(past.lengths.max(initial=0)))
    rows, present = Ragged(interactions.history_items[past.values], past.offsets).padded(width)
    types, _ = Ragged(interactions.history_types[past.values].astype(np.int64), past.offsets).padded(width)
    ages = interactions.at[examples][past.row_of_value()] - interactions.history_at[past.values]
    arrays = {
        **data.request_arrays(examples),
        "history_vectors": vectors[rows],
        "history_types": types,
        "history_ages": Ragged(ages.astype(np.float32), past.offsets).padded(width)[0],
        "history_present": present.astype(np.float32),
    }
    with torch.inference_mode():
        query, _ = towers.query({name: torch.from_numpy(array) for name, array in arrays.items()})
    return query.numpy()

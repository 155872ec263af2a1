"""Retrieval training: both towers on next-item prediction, every prefix of a history an example."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from winnow.models.towers import ItemTower, QueryTower
from winnow.schema.column import Array, Bools, Ragged
from winnow.schema.errors import CheckpointError, DataError
from winnow.schema.feature import Entity
from winnow.training.checkpoint import Checkpoint
from winnow.training.job_digest import job_digest
from winnow.training.negatives import Negatives, positives_of_users
from winnow.training.progress import Progress
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.retrieval_step import RetrievalStep
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet
from winnow.training.training_state import TrainingState
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


def train_retrieval(
    data: TrainingSet, config: RetrievalConfig, seed: int, progress: Progress, checkpoint: Path | None = None
) -> Towers:
    """Trains both towers.

    Args:
        data: features and interactions.
        config: how.
        seed: of weights, order, negatives and masks.
        progress: told after every step, in examples.
        checkpoint: file that keeps, after every epoch, where training stands. Training that was cut goes on from there
            and ends with the very weights that it would have had; the file stays. None keeps nothing.

    Raises:
        CheckpointError: the file is damaged, or is of another job.
        DataError: there is no example.

    Source: Yi et al., Sampling-bias-corrected neural modeling for large corpus item recommendations, RecSys 2019.
    """
    if not len(data.interactions):
        raise DataError(
            f"No event of the training time is of a positive type ({', '.join(data.schema.events.positives)}), so "
            "there is nothing to learn from; hold out a shorter time or declare other positives."
        )
    generator = seeded(seed)
    step = retrieval_step(data, config)
    optimizer = torch.optim.AdamW(decayed(step.learned.values(), config.weight_decay), lr=config.learning_rate)
    state = TrainingState(weights=step.learned, optimizer=optimizer, generator=generator)
    kept = None if checkpoint is None else Checkpoint(file=checkpoint, job=job_digest(data, config, seed))
    epochs, loss = (0, math.nan) if kept is None else restored(kept, state)
    if epochs:
        progress("Training retrieval", epochs * len(data.interactions), config.epochs * len(data.interactions))
    for epoch in range(epochs, config.epochs):
        loss = _epoch(step, state, epoch, progress)
        if kept is not None:
            kept.save(state.tensors(), {**state.notes(), "epochs": epoch + 1, "loss": loss})
    return Towers(query=step.query.eval(), item=step.item.eval(), metrics={"retrieval_loss": loss})


def restored(kept: Checkpoint, state: TrainingState) -> tuple[int, float]:
    """Puts back what was kept, if anything was; returns the epochs done and the mean loss of the last one.

    Raises:
        CheckpointError: what was kept is damaged, or of other weights or another job.
    """
    found = kept.load()
    if found is None:
        return 0, math.nan
    tensors, notes = found
    try:
        state.restore(tensors, notes)
    except (KeyError, ValueError) as error:
        raise CheckpointError(
            f"The checkpoint {kept.file} is of another version of Winnow, whose towers had other weights. Delete it to "
            "begin anew, or name another folder."
        ) from error
    return notes["epochs"], notes["loss"]


def _epoch(step: RetrievalStep, state: TrainingState, epoch: int, progress: Progress) -> float:
    """One pass over all examples; returns the mean loss of its steps."""
    config, size = step.config, len(step.data.interactions)
    losses: list[float] = []
    done, total = epoch * size, config.epochs * size
    for batch in step.windows.batches(config.batch_size, state.generator):
        rate = rate_at(done / config.batch_size, total / config.batch_size)
        loss = step(batch, state.generator)
        state.step(loss, config.learning_rate * rate)
        losses.append(loss.item())
        done += int(step.windows.examples.lengths[batch].sum())
        progress("Training retrieval", done, total)
    return float(np.mean(losses))


def retrieval_step(data: TrainingSet, config: RetrievalConfig) -> RetrievalStep:
    """New towers, with all that their training reads."""
    interactions = data.interactions
    share = np.bincount(interactions.items, minlength=data.num_items) / max(1, len(interactions))
    user, context, longest = data.inputs(Entity.USER), data.inputs(Entity.CONTEXT), data.schema.history.length
    return RetrievalStep(
        data=data,
        config=config,
        windows=windows_of(interactions, longest),
        weights=example_weights(interactions.first),
        query=QueryTower(user, context, config.dim, config.encoder, longest),
        item=ItemTower(data.inputs(Entity.ITEM), config.dim),
        negatives=Negatives(config=config, known=data.known_items, share=torch.from_numpy(share.astype(np.float32))),
        own=positives_of_users(interactions),
    )


def decayed(weights: Iterable[nn.Parameter], weight_decay: float) -> list[dict[str, Any]]:
    """Groups for the optimizer: matrices decay, biases, scales and other single numbers or rows do not."""
    kinds: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for each in weights:
        kinds[each.ndim > 1].append(each)
    return [{"params": kinds[True], "weight_decay": weight_decay}, {"params": kinds[False], "weight_decay": 0.0}]


def rate_at(step: float, total: float) -> float:
    """Share of the highest learning rate: up over the first steps, then down to zero along a cosine.

    Args:
        step: steps done, counted in full batches of examples, so that small and large ones move it by what they hold.
        total: steps in all, above 0.
    """
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
    """float32 [I, D]: the item tower over the whole catalogue."""
    vectors: list[Array] = []
    with torch.inference_mode():
        for start in range(0, data.num_items, chunk):
            rows = np.arange(start, min(start + chunk, data.num_items))
            inputs = {name: torch.from_numpy(array) for name, array in data.item_arrays(rows).items()}
            vectors.append(tower(inputs).numpy())
    return np.concatenate(vectors)


def query_vectors(data: TrainingSet, towers: Towers, vectors: Array, examples: Array) -> Array:
    """float32 [B, D]: the query tower on training requests, nothing masked.

    Args:
        data: gives the requests.
        towers: trained.
        vectors: float32 [I, D] of the item tower.
        examples: int64 [B], positions among the interactions.
    """
    interactions = data.interactions
    past = interactions.past(examples, data.schema.history.length)
    width = max(1, int(past.lengths.max(initial=0)))
    rows, present = Ragged(interactions.history_items[past.values], past.offsets).padded(width), past.present(width)
    types = Ragged(interactions.history_types[past.values].astype(np.int64), past.offsets).padded(width)
    ages = interactions.at[examples][past.row_of_value()] - interactions.history_at[past.values]
    arrays = {
        **data.request_arrays(examples),
        "history_vectors": vectors[rows],
        "history_types": types,
        "history_ages": Ragged(ages, past.offsets).padded(width),
        "history_present": present.astype(np.float32),
    }
    with torch.inference_mode():
        query, _, _ = towers.query({name: torch.from_numpy(array) for name, array in arrays.items()})
    return query.numpy()

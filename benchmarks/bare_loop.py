"""Retrieval training as one would write it by hand: plain PyTorch over tensors that lie ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from winnow.schema.column import Array
from winnow.training.retrieval import decayed, rate_at, retrieval_step
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.retrieval_step import RetrievalStep, running_mean
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyBatch:
    """All that a step on P examples of W windows reads, as tensors; items are places among S shown ones.

    Attributes:
        items: arrays of the shown items, by name.
        request: arrays of the examples, by name.
        history: int64 [W, L].
        types: int64 [W, L].
        at: float64 [W, L], UTC seconds.
        window, place: int64 [P], where each example is asked.
        age: float32 [P], seconds since the event before it.
        positives: int64 [P].
        sampled: int64 [N].
        log_chance: float32 [N].
        own: bool [P, N], what is left out.
        weights: float32 [P].
    """

    items: Mapping[str, Tensor]
    request: Mapping[str, Tensor]
    history: Tensor
    types: Tensor
    at: Tensor
    window: Tensor
    place: Tensor
    age: Tensor
    positives: Tensor
    sampled: Tensor
    log_chance: Tensor
    own: Tensor
    weights: Tensor


def bare_epoch(data: TrainingSet, config: RetrievalConfig, seed: int, clock: Clock) -> tuple[float, list[float]]:
    """One epoch of the same towers on the same batches; the softmax is torch's, over all logits at once.

    Returns:
        seconds, what it took to make the tensors left out; and the loss of each step, in nats.
    """
    generator = seeded(seed)
    step = retrieval_step(data, config)
    optimizer = torch.optim.AdamW(decayed(step.learned.values(), config.weight_decay), lr=config.learning_rate)
    seconds, losses, done, total = 0.0, list[float](), 0, len(data.interactions)
    for batch in step.windows.batches(config.batch_size, generator):
        ready = ready_batch(step, batch, generator)
        start = clock()
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * rate_at(done / config.batch_size, total / config.batch_size)
        loss = bare_loss(step, ready)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds += clock() - start
        done += len(ready.positives)
    return seconds, losses


def ready_batch(step: RetrievalStep, batch: Array, generator: np.random.Generator) -> ReadyBatch:
    """The tensors of a batch, with the draws of the generator in the order in which a step makes them."""
    data, past = step.data, step.data.interactions
    asked = step.windows.examples.take(batch)
    examples, positives = asked.values, past.items[asked.values]
    sampled, log_chance = step.negatives(positives, generator)
    lengths = step.windows.lengths[batch][:, None]
    present = np.arange(int(lengths.max())) < lengths
    places = np.where(present, step.windows.starts[batch][:, None] + np.arange(present.shape[1]), 0)
    shown = np.unique(np.concatenate([positives, sampled, past.history_items[places][present]]))
    items = step.config.dropout(data, data.item_arrays(shown), generator)
    forgotten = generator.random(len(examples)) < step.config.history_dropout
    at, window = past.history_at[places], asked.row_of_value()
    place = np.where(forgotten, 0, past.history_end[examples] - step.windows.starts[batch][window])
    before = past.history_at[np.maximum(past.history_end[examples] - 1, 0)]
    owners = past.users[examples][:, None] * data.num_items
    clicked = past.users * data.num_items + past.items
    own = sampled == positives[:, None]
    if step.config.mask_own:
        own = np.isin(owners + sampled, np.unique(clicked))
    # Padding may name an item that is not shown; any place will do for it.
    history = np.minimum(np.searchsorted(shown, past.history_items[places]), len(shown) - 1)
    return ReadyBatch(
        items=_tensors(items),
        request=_tensors(data.request_arrays(examples, generator)),
        history=torch.from_numpy(history),
        types=torch.from_numpy(past.history_types[places].astype(np.int64)),
        at=torch.from_numpy(at),
        window=torch.from_numpy(window),
        place=torch.from_numpy(place),
        age=torch.from_numpy(np.where(place > 0, past.at[examples] - before, 0).astype(np.float32)),
        positives=torch.from_numpy(np.searchsorted(shown, positives)),
        sampled=torch.from_numpy(np.searchsorted(shown, sampled)),
        log_chance=log_chance,
        own=torch.from_numpy(own),
        weights=torch.from_numpy(step.weights[examples]),
    )


def bare_loss(step: RetrievalStep, ready: ReadyBatch) -> Tensor:
    """The weighted mean of the cross-entropies, in nats."""
    vectors = step.item(ready.items)
    history = vectors[ready.history]
    states = step.query.encoder(step.query.events(history, ready.types, ready.at))
    where = ready.window, ready.place
    query = step.query.of_state(ready.request, states[where], running_mean(history)[where], ready.age)
    right = (query * vectors[ready.positives]).sum(1, keepdim=True)
    wrong = (query @ vectors[ready.sampled].T - ready.log_chance).masked_fill(ready.own, float("-inf"))
    logits = torch.cat([right, wrong], dim=1)
    losses = functional.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.int64), reduction="none")
    return (losses * ready.weights).sum() / ready.weights.sum()


def _tensors(arrays: Mapping[str, Array]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}

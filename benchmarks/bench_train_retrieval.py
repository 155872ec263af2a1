"""What our training loop costs beside a bare one over tensors that lie ready: same towers, same batches, same loss."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from rich.console import Console

from benchmarks.bare_loop import Clock, bare_epoch
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from winnow.data.open_dataset import open_dataset
from winnow.data.split import split_by_time, train_events
from winnow.features.encoders.vector_cache import VectorCache
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import retail
from winnow.schema.progress import silent
from winnow.training.contents import encode_contents
from winnow.training.retrieval import train_retrieval
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.training_set import TrainingSet, training_set

GROUP = "train.retrieval"
QUALITY = True
ROUNDS = 3
SAME = 0.01
"""Relative difference of the mean losses up to which both loops have computed the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epochs:
    """Fastest seconds of one epoch.

    Attributes:
        ours: of `train_retrieval`, everything in it.
        bare: of the loop over tensors that lie ready.
    """

    ours: float
    bare: float


def rows(inputs: Inputs) -> Iterator[Result]:
    """Seconds of an epoch on the retail training set, and their ratio to the bare loop's, one after the other."""
    data, config = retail_training_set(inputs)
    found = epochs(data, config, perf_counter, ROUNDS)
    how = (
        "one epoch of `train_retrieval`, all of it, retail recipe and training set "
        f"({len(data.interactions):,} examples, {data.num_items:,} items), fastest of {ROUNDS}"
    )
    against = (
        f"{how}, over that of a bare PyTorch loop on the same batches as ready tensors ({found.bare:.1f} s), in turn"
    )
    yield Result(name=f"{GROUP}.epoch_seconds", value=found.ours, unit="s", better="lower", how=how)
    yield Result(
        name=f"{GROUP}.ratio_to_bare_loop", value=found.ours / found.bare, unit="ratio", better="lower", how=against
    )


def retail_training_set(inputs: Inputs) -> tuple[TrainingSet, RetrievalConfig]:
    """What `winnow train --recipe retail` trains retrieval on, for one epoch."""
    recipe, dataset = retail(), open_dataset(inputs.retail)
    events = train_events(dataset, split_by_time(dataset, recipe.holdout_days))
    with progress_bars(Console(stderr=True)) as progress:
        cache = VectorCache(file=inputs.cache / "vectors.arrow")
        contents = encode_contents(dataset, recipe.encoders, cache, progress)
        data = training_set(dataset, events, contents, progress)
    return data, replace(recipe.retrieval, epochs=1)


def epochs(data: TrainingSet, config: RetrievalConfig, clock: Clock, rounds: int) -> Epochs:
    """Both loops in turn.

    Raises:
        RefusedError: their losses say that they did not compute the same.
    """
    ours, bare = list[float](), list[float]()
    for _ in range(rounds):
        start = clock()
        towers = train_retrieval(data, config, seed=0, progress=silent)
        ours.append(clock() - start)
        seconds, losses = bare_epoch(data, config, seed=0, clock=clock)
        bare.append(seconds)
        mine, theirs = towers.metrics["retrieval_loss"], float(np.mean(losses))
        if abs(mine - theirs) > SAME * theirs:
            raise RefusedError(
                f"The mean loss of our loop is {mine:.4f} and that of the bare one {theirs:.4f}; they do not compute "
                "the same, so their times say nothing. Mend benchmarks/bare_loop.py."
            )
    return Epochs(ours=min(ours), bare=min(bare))

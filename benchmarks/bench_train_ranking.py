"""What our training of the click model costs beside a bare loop over tensors that lie ready: the same steps."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np
import torch
from rich.console import Console
from torch import Tensor

from benchmarks.bare_loop import Clock
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from benchmarks.shown_in_shop import planted_in, shown_in, simulated_shop
from winnow.models.click_model import ClickModel
from winnow.models.looks import click_loss
from winnow.ops.progress_bars import progress_bars
from winnow.schema.column import Array
from winnow.schema.progress import silent
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import click_optimizer, train_click_model, untrained_click_model
from winnow.training.clicks_config import ClicksConfig
from winnow.training.propensity_weights import impression_weights
from winnow.training.seeding import seeded

GROUP = "train.ranking"
QUALITY = True
ROUNDS = 3
SAME = 1e-4
"""Distance of any weight up to which both loops have computed the same."""


def rows(inputs: Inputs) -> Iterator[Result]:
    """Seconds of an epoch on the demo's impressions, and their ratio to the bare loop's, one after the other."""
    with progress_bars(Console(stderr=True)) as progress:
        dataset = simulated_shop(inputs.cache, 0, progress)
        shown = shown_in(dataset, *planted_in(dataset, progress), progress)
    ours, bare = epochs(shown.batches, shown.train, replace(ClicksConfig(), epochs=1), perf_counter, ROUNDS)
    how = (
        f"one epoch of the click model, all of it, on the {len(shown.train):,} impressions of a shop as the demo's, "
        f"fastest of {ROUNDS}"
    )
    against = f"{how}, over that of a bare PyTorch loop on the same batches as ready tensors ({bare:.1f} s), in turn"
    yield Result(name=f"{GROUP}.epoch_seconds", value=ours, unit="s", better="lower", how=how)
    yield Result(name=f"{GROUP}.ratio_to_bare_loop", value=ours / bare, unit="ratio", better="lower", how=against)


def epochs(batches: ClickBatches, used: Array, config: ClicksConfig, clock: Clock, rounds: int) -> tuple[float, float]:
    """Fastest seconds of ours and of the bare loop, in turn.

    Raises:
        RefusedError: their weights say that they did not compute the same.
    """
    ours, bare = list[float](), list[float]()
    for _ in range(rounds):
        start = clock()
        model, _ = train_click_model(batches, used, config, 0, silent)
        ours.append(clock() - start)
        seconds, other = bare_epochs(batches, used, config, 0, clock)
        bare.append(seconds)
        distance = max(_distance(each, other.state_dict()[name]) for name, each in model.state_dict().items())
        if distance > SAME:
            raise RefusedError(
                f"A weight of our loop lies {distance:.2g} from that of the bare one; they do not compute the same, so "
                "their times say nothing. Mend benchmarks/bench_train_ranking.py."
            )
    return min(ours), min(bare)


def bare_epochs(
    batches: ClickBatches, used: Array, config: ClicksConfig, seed: int, clock: Clock
) -> tuple[float, ClickModel]:
    """The same steps; seconds, what it took to make the tensors left out, and the model."""
    generator = seeded(seed)
    model, looks = untrained_click_model(batches, used, config)
    clicked, positions = torch.from_numpy(batches.rows.clicked), torch.from_numpy(batches.rows.positions)
    weights = impression_weights(batches.rows, used, config)
    optimizer = click_optimizer(model, looks, config)
    steps = max(1, -(-len(used) // config.batch_size))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
    seconds = 0.0
    for _ in range(config.epochs):
        for chosen in np.array_split(generator.permutation(used), steps):
            ready, places = batches(chosen, generator), positions[chosen]
            outcome, weight = clicked[chosen], weights[chosen]
            start = clock()
            loss = click_loss(model(ready).squeeze(1), looks(places), outcome, weight)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            seconds += clock() - start
    return seconds, model


def _distance(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max()) if ours.numel() else 0.0

"""Scales the effects so that each has its share of the variance, in this very shop."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.data.shop.browse import browse
from winnow.data.shop.click_model import DayModel
from winnow.data.shop.effects import SHARES
from winnow.data.shop.exposure import examination, exposure_of
from winnow.data.shop.seeds import stream
from winnow.data.shop.visits import draw_visits
from winnow.data.shop.world import World
from winnow.schema.column import Array
from winnow.schema.progress import Progress, silent

PILOT_VISITS, PILOT_DAYS, ROUNDS = 12_000, 6, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """What the effects are multiplied with.

    Attributes:
        scale: factor of each effect; 0 for one that is taken away.
        bias: log-odds of a click where no effect speaks.
    """

    scale: Mapping[str, float]
    bias: float


def calibrated(world: World, progress: Progress = silent) -> Strength:
    """Lets a pilot crowd visit the shop until every effect has its variance and clicks their rate.

    There is no drift in that shop, so that a shop with drift is the same until its day as one without.
    """
    wanted = world.spec.effects.variances()
    scale = {name: float(variance > 0) for name, variance in wanted.items()}
    bias = -2.5
    for done in range(ROUNDS):
        parts, looked = pilot(world, Strength(scale=scale, bias=bias))
        for name, variance in wanted.items():
            scale[name] *= (variance / max(parts[name].var(), 1e-12)) ** 0.5 if variance else 0.0
        parts, looked = pilot(world, Strength(scale=scale, bias=bias))
        bias = _bias(sum(parts.values(), np.zeros(len(looked))), looked, world.spec.click_rate)
        progress("Calibrating effects", done + 1, ROUNDS)
    return Strength(scale=scale, bias=bias)


def pilot(world: World, strength: Strength) -> tuple[dict[str, Array], Array]:
    """float32 [N] parts of the log-odds of all that a pilot crowd is shown, and the chance that each is looked at."""
    draw = stream(world.spec.seed, "pilot")
    world = world.without_drift()
    parts: list[dict[str, Array]] = []
    looked: list[Array] = []
    for day in np.unique(np.linspace(0, world.spec.days - 1, PILOT_DAYS).astype(int)).tolist():
        crowd = np.bincount(
            draw.integers(world.spec.users, size=PILOT_VISITS // PILOT_DAYS), minlength=world.spec.users
        )
        users = np.flatnonzero(crowd)
        visits = draw_visits(world, day, users, crowd[users], draw)
        model = DayModel(world, day, strength.scale, strength.bias)
        for page in browse(model, exposure_of(world, day), visits, draw):
            all_parts = model.parts(visits.user[: len(page), None], page.items, page.occasion)
            parts.append({name: part[page.shown] for name, part in all_parts.items()})
            looked.append(np.broadcast_to(examination(), page.shown.shape)[page.shown])
    return {name: np.concatenate([each[name] for each in parts]) for name in SHARES}, np.concatenate(looked)


def _bias(rest: Array, looked: Array, click_rate: float) -> float:
    """The bias that gives the click rate, by bisection."""
    low, high = -12.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        rate = (looked / (1 + np.exp(-rest - middle))).mean()
        low, high = (middle, high) if rate < click_rate else (low, middle)
    return (low + high) / 2

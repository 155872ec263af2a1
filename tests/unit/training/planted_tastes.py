"""Impressions of users who like what they like: only the likings tell them apart."""

from dataclasses import dataclass

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.schema.column import Array
from winnow.training.told import Shown, Told
from winnow.training.visit_kinds import VisitKinds

WIDTH, ITEMS, USUAL, LOOKED = 5, 80, -1.0, (1.0, 0.6)
"""Usual log-odds of a click, and the chances of a look at the places."""
DIRECTIONS = np.linalg.qr(np.random.default_rng(5).normal(size=(WIDTH, WIDTH)))[0].T
"""Unit rows; users differ in the first ones, slanting to the columns of items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedTastes:
    """Attributes: items float32 [I, F]; likings float64 [U, F]; what users were shown."""

    items: Array
    likings: Array
    shown: Shown

    @property
    def told(self) -> Told:
        """By what they were shown alone: of kinds nothing is known."""
        no_kinds, users = np.empty(0, np.float32), len(self.likings)
        visits = VisitKinds(
            columns=np.empty(0, np.int64), starts=np.zeros(1, np.int64), visits=np.empty((users, 0)), usual=no_kinds
        )
        return Told.of(self.items, np.empty((len(self.items), 0), np.int32), self.shown, visits)


def planted_tastes(counts: Array, spread: tuple[float, ...] = (1.5,), seed: int = 0) -> PlantedTastes:
    """Args: counts: int [U], impressions of each user. spread: of likings along the first directions."""
    draw = np.random.default_rng(seed)
    items = (0.5 * draw.normal(size=(ITEMS, WIDTH))).astype(np.float32)
    likings = draw.normal(size=(len(counts), len(spread))) * spread @ DIRECTIONS[: len(spread)]
    users = np.repeat(np.arange(len(counts)), counts)
    rows, looked = draw.integers(0, ITEMS, len(users)), draw.choice(LOOKED, len(users))
    logits = np.full(len(users), USUAL)
    chance = looked * sigmoid(logits + np.einsum("nf,nf->n", likings[users], items[rows]))
    clicked = draw.random(len(users)) < chance
    shown = Shown(users=users, items=rows, clicked=clicked, logits=logits, looked=looked)
    return PlantedTastes(items=items, likings=likings, shown=shown)


def log_posterior(planted: PlantedTastes, covariance: Array, user: int, liking: Array) -> float:
    """Of a liking, up to a constant: how likely it makes what came of the impressions, and it is by itself."""
    found = -0.5 * float(liking @ np.linalg.inv(covariance) @ liking)
    shown = planted.shown
    for row in np.flatnonzero(shown.users == user):
        odds = float(np.exp(-(shown.logits[row] + planted.items[shown.items[row]] @ liking)))
        click = shown.looked[row] / (1 + odds)
        found += float(np.log(click if shown.clicked[row] else 1 - click))
    return found

"""What each user likes: a vector in the space of items, for what the click model knows of all users alike.

Users who were shown little are thought to be like the others; how much the others differ, and in what together, is
learned from those who were shown much. So a few clicks say something of all that goes with them.

Sources: Zhang et al., GLMix: generalized linear mixed models for large-scale response prediction, KDD 2016; Laird and
Ware, Random-effects models for longitudinal data, 1982 (the prior, by expectation maximisation).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.features.taste_space import TasteSpace
from winnow.models.looks import CERTAIN
from winnow.schema.column import Array
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.training_set import TrainingSet

NEWTON_STEPS = 3
"""From nothing to the most likely likings; from those of the round before, one step does."""
LEAST, JITTER = 0.02, 1e-4
"""What is left of a direction at least in a round, and what each has always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TastesConfig:
    """How tastes are learned.

    Attributes:
        width: of tastes, at most.
        rounds: of learning how users differ.
        users: most of them that this is learned from, those who were shown most.
        stride: times as far as expectation maximisation would go at most, on a logarithmic scale. By itself it is slow
            where impressions tell little; where they tell enough, it is right at once, and beyond that is too far.
    """

    width: int = 144
    rounds: int = 16
    users: int = 1_500
    stride: float = 4.0

    def __post_init__(self) -> None:
        check_positive("tastes", self, ("width", "rounds", "users", "stride"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """N impressions, those of a user side by side.

    Attributes:
        users: int64 [N], rising.
        items: int64 [N].
        clicked: bool [N].
        logits: float64 [N], log-odds of a click once looked at, for users of whom nothing is known.
        looked: float64 [N], chance of a look.
    """

    users: Array
    items: Array
    clicked: Array
    logits: Array
    looked: Array

    def each(self) -> Iterator[slice]:
        """The rows of one user after the other."""
        start = 0
        while start < len(self.users):
            end = int(np.searchsorted(self.users, self.users[start], side="right"))
            yield slice(start, end)
            start = end


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """What is known of what users like.

    Attributes:
        space: what of items is liked or not.
        items: float32 [I, F], the items in it.
        users: float32 [U + 1, F], the most likely likings of each; the last row is a user of whom nothing is known.
    """

    space: TasteSpace
    items: Array
    users: Array

    @classmethod
    def of(cls, space: TasteSpace, data: TrainingSet, covariance: Array, shown: Shown, progress: Progress) -> "Tastes":
        """Learns from impressions of users how likely which likings are; arguments as of `likings_of`."""
        items = space(data.items)
        users = likings_of(items, shown, covariance, len(data.user_ids) + 1, progress)
        return cls(space=space, items=items, users=users)

    def __call__(self, users: Array, items: Array) -> Array:
        """float32 [n], what the likings of users add to the log-odds of a click."""
        return np.einsum("nf,nf->n", self.users[users], self.items[items])


def how_users_differ(items: Array, shown: Shown, config: TastesConfig, progress: Progress) -> Array:
    """float64 [F, F], the covariance of likings among users, by expectation maximisation.

    Args:
        items: float32 [I, F], what likings are about.
        shown: impressions of users.
        config: how.
        progress: told after each round.
    """
    some = sorted(shown.each(), key=lambda rows: rows.start - rows.stop)[: config.users]
    covariance, likings = np.eye(items.shape[1]), np.zeros((len(some), items.shape[1]))
    for done in range(config.rounds):
        unknown, precision = np.zeros_like(covariance), np.linalg.inv(covariance)
        for place, rows in enumerate(some):
            slope, known = _evidence(items, shown, rows, likings[place])
            left = np.linalg.inv(precision + known)
            likings[place] += left @ (slope - precision @ likings[place])
            unknown += left / len(some)
        if some:
            covariance = _towards(covariance, unknown + likings.T @ likings / len(some), unknown, config.stride)
        progress("Learning how users differ", done + 1, config.rounds)
    return covariance


def likings_of(items: Array, shown: Shown, covariance: Array, num_users: int, progress: Progress) -> Array:
    """float32 [num_users, F], the most likely likings of each user; zero for those who were shown nothing.

    Args:
        items: float32 [I, F], what likings are about.
        shown: impressions of users.
        covariance: float64 [F, F], as `how_users_differ` gives it.
        num_users: more than the highest of them.
        progress: told now and then.
    """
    precision, found = np.linalg.inv(covariance), np.zeros((num_users, items.shape[1]), np.float32)
    users = list(shown.each())
    for done, rows in enumerate(users):
        liking = np.zeros(items.shape[1])
        for _ in range(NEWTON_STEPS):
            slope, known = _evidence(items, shown, rows, liking)
            liking += np.linalg.solve(precision + known, slope - precision @ liking)
        found[shown.users[rows.start]] = liking
        progress("Learning what users like", done + 1, len(users))
    return found


def _evidence(items: Array, shown: Shown, rows: slice, liking: Array) -> tuple[Array, Array]:
    """What the impressions of a user say of likings: slope [F] and expected information [F, F] of their likelihood."""
    about = items[shown.items[rows]].astype(np.float64)
    clicked, looked = shown.clicked[rows], shown.looked[rows]
    chance = np.minimum(sigmoid(shown.logits[rows] + about @ liking), CERTAIN)
    click = looked * chance
    slope = np.where(clicked, 1 - chance, -click * (1 - chance) / (1 - click))
    return about.T @ slope, (about.T * (click * (1 - chance) ** 2 / (1 - click))) @ about


def _towards(covariance: Array, found: Array, unknown: Array, stride: float) -> Array:
    """From one covariance beyond another: what changed between them, up to `stride` times over.

    What impressions tell of a direction is the share of its variance that is not `unknown` [F, F] after them; the
    square of it is the share of the way that expectation maximisation goes.
    """
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(values)
    inverse = np.linalg.inv(root)
    change, directions = np.linalg.eigh(inverse @ found @ inverse.T)
    told = 1 - np.einsum("ij,ij->j", directions, inverse @ unknown @ inverse.T @ directions)
    times = 1 / np.maximum(told, stride**-0.5) ** 2
    turned = root @ directions
    made = (turned * np.maximum(change, LEAST) ** times) @ turned.T
    return (made + made.T) / 2 + JITTER * np.eye(len(made))

"""The reference: what a perfect learner could know of each user's likings from the log.

It knows the form of the effects, their strength, the true attributes of items, and how likings are spread over people
of each age and gender. Each user's own likings it must infer from what was shown and clicked: those that are the most
likely a posteriori, by Fisher scoring.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from winnow.data.shop.click_model import probability
from winnow.data.shop.exposure import examination
from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.likings import LIKINGS
from winnow.data.shop.people import People
from winnow.data.shop.truth import Truth
from winnow.data.shop.visits import INTENT_STRENGTH, intent_probability
from winnow.schema.column import Array
from winnow.schema.progress import Progress, silent

STEPS, LONGEST_STEP, ENOUGH = 20, 2.0, 1e-3
GENDERS = 2
PIECE = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of people before they click; the last row is an anonymous visitor.

    Attributes:
        mean: float32 [U + 1, F].
        precision: float64 [4, F, F], inverse covariances: of who belongs to a known group, of a woman and of a man who
            have not told their age, of an anonymous visitor.
        kind: int64 [U + 1], which of them counts for whom.
    """

    mean: Array
    precision: Array
    kind: Array

    @classmethod
    def of(cls, people: People) -> "Prior":
        """By age and gender; who has not told the age, or is anonymous, may be of any group."""
        told = np.isfinite(people.age)
        genders = people.prior.reshape(-1, GENDERS, LIKINGS.width).astype(np.float64)
        mean = np.where(told[:, None], people.prior[people.group], genders.mean(axis=0)[people.gender])
        personal = people.loadings.T.astype(np.float64) @ people.loadings + np.diag(people.own_sd**2)
        between = [_spread(genders[:, each]) for each in range(GENDERS)]
        covariances = [personal, *(personal + each for each in between), personal + _spread(people.prior)]
        return cls(
            mean=np.concatenate([mean, people.prior.mean(axis=0)[None]]).astype(np.float32),
            precision=np.linalg.inv(np.stack(covariances)),
            kind=np.append(np.where(told, 0, 1 + people.gender.astype(np.int64)), 1 + GENDERS),
        )


def _spread(means: Array) -> Array:
    """float64 [F, F], covariance of the group that a person may belong to."""
    apart = means - means.mean(axis=0)
    return apart.T @ apart / len(means)


def inferred_likings(truth: Truth, log: ImpressionLog, progress: Progress = silent) -> Array:
    """float32 [U + 1, F], the most likely likings of everybody, given what the log shows; the last row is anonymous.

    Args:
        truth: gives the form of the effects and the items; nobody's likings are read.
        log: the visible history; only rows of known users count.
        progress: told after each user.
    """
    prior = Prior.of(truth.world.before)
    likings = prior.mean.copy()
    log = log.take(np.flatnonzero(log.known))
    log = log.take(np.argsort(log.users, kind="stable"))
    looks = _Looks(truth, log, prior)
    intents = _Intents(truth, log, prior)
    starts = np.flatnonzero(np.diff(log.users, prepend=-1))
    for done, (start, end) in enumerate(pairwise([*starts.tolist(), len(log)])):
        user = int(log.users[start])
        precision = prior.precision[prior.kind[user]]
        likings[user] = _most_likely(prior.mean[user], precision, looks.of(start, end), intents.of(user))
        progress("Inferring likings", done + 1, len(starts))
    return likings


def _most_likely(mean: Array, precision: Array, *evidence: "_Evidence") -> Array:
    """float64 [F], where the slope of the posterior vanishes."""
    change = np.zeros(len(mean))
    for _ in range(STEPS):
        slope, curvature = -precision @ change, precision
        for each in evidence:
            more_slope, information = each(change)
            slope, curvature = slope + more_slope, curvature + information
        step = np.linalg.solve(curvature, slope)
        step *= min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-12))
        change += step
        if np.abs(step).max() < ENOUGH:
            break
    return mean + change


_Evidence = Callable[[Array], tuple[Array, Array]]
"""A change of likings, float64 [F] -> slope [F] and expected information [F, F] of the log-likelihood there."""


class _Looks:
    """What was shown and clicked.

    An item that was not clicked may not have been looked at: a click comes with probability `looked` x p. The expected
    information takes the place of the second derivative, which would not be positive everywhere.
    """

    def __init__(self, truth: Truth, log: ImpressionLog, prior: Prior) -> None:
        self.design = _Designs(truth, log)
        self.offset = truth.logit_of(prior.mean, log.users, log.items, log.at, log.devices, log.clicks)
        self.looked = examination()[log.positions.astype(np.int64) - 1]
        self.clicked = log.clicked

    def of(self, start: int, end: int) -> _Evidence:
        """The evidence of some rows of the log."""
        rows = slice(start, end)
        return partial(self._told, self.design(rows), self.offset[rows], self.looked[rows], self.clicked[rows])

    @staticmethod
    def _told(design: Array, offset: Array, looked: Array, clicked: Array, change: Array) -> tuple[Array, Array]:
        p = probability(offset + design @ change)
        click = looked * p
        slope = np.where(clicked, 1 - p, -click * (1 - p) / (1 - click))
        information = click * (1 - p) ** 2 / (1 - click)
        return design.T @ slope, _squared(design, information)


def _squared(design: Array, weight: Array) -> Array:
    """float64 [F, F], the weighted sum over rows of their products with themselves.

    Taken in pieces so small that the linear algebra stays in one thread: several wait ten times longer than they work.
    """
    starts = range(0, len(design), PIECE)
    pieces = ((design[start : start + PIECE], weight[start : start + PIECE]) for start in starts)
    return sum(((rows.T * each) @ rows for rows, each in pieces), np.zeros(design.shape[1:] * 2))


class _Intents:
    """Which categories each user came for: a choice among all, by liking."""

    def __init__(self, truth: Truth, log: ImpressionLog, prior: Prior) -> None:
        self.truth, self.prior = truth, prior.mean
        self.columns = LIKINGS.block("category")
        number = self.columns.stop - self.columns.start
        visits = np.unique(np.stack([log.users, log.sessions, log.pages], axis=1)[log.pages >= 0], axis=0)
        self.counts = np.bincount(visits[:, 0] * number + visits[:, 2], minlength=len(self.prior) * number)
        self.counts = self.counts.reshape(len(self.prior), number)

    def of(self, user: int) -> _Evidence:
        """The evidence of a user's visits."""
        return partial(self._told, self.prior[user], self.counts[user])

    def _told(self, mean: Array, counts: Array, change: Array) -> tuple[Array, Array]:
        chance = intent_probability(self.truth.world, (mean + change)[None])[0]
        slope, information = np.zeros(len(mean)), np.zeros((len(mean), len(mean)))
        slope[self.columns] = INTENT_STRENGTH * (counts - counts.sum() * chance)
        spread = np.diag(chance) - np.outer(chance, chance)
        information[self.columns, self.columns] = INTENT_STRENGTH**2 * counts.sum() * spread
        return slope, information


class _Designs:
    """What each column of the likings is multiplied with, impression by impression."""

    def __init__(self, truth: Truth, log: ImpressionLog) -> None:
        items, scale = truth.world.items, truth.strength.scale
        self.log = log
        self.fixed = np.zeros((len(items), LIKINGS.width))
        for block in LIKINGS:
            if block.width > 1:
                codes = getattr(items, block.attribute).astype(np.int64)
                self.fixed[np.arange(len(items)), block.start + codes] = scale[block.effect]
        self.fixed[:, LIKINGS.block("shade")] = scale["picture"] * items.shade[:, None]
        self.dearness = np.empty(len(log))
        for day, rows in truth.by_day(log.at):
            self.dearness[rows] = scale["price"] * items.dearness(day)[log.items[rows]]

    def __call__(self, rows: slice) -> Array:
        """float64 [n, F]."""
        design = self.fixed[self.log.items[rows]]
        design[:, LIKINGS.block("dearness")] = self.dearness[rows, None]
        return design

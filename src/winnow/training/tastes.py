"""What each user likes and comes for: a vector in the space of items, for what the click model knows of all alike.

Users who were shown little are thought to be like the others; how much the others differ, and in what together, is
learned from those who were shown much. So a few clicks and visits say something of all that goes with them.

Sources: Zhang et al., GLMix: generalized linear mixed models for large-scale response prediction, KDD 2016; Laird and
Ware, Random-effects models for longitudinal data, 1982 (the prior, by expectation maximisation).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import get_lapack_funcs
from threadpoolctl import threadpool_limits

from winnow.features.feature_arrays import items_at
from winnow.features.item_arrays import ItemArrays
from winnow.features.likings import Likings
from winnow.features.taste_space import TasteSpace
from winnow.schema.column import Array
from winnow.stores.user_vectors import UserVectors
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.told import Told
from winnow.training.training_set import TrainingSet

NEWTON_STEPS, LONGEST = 4, 2.0
"""From nothing to the most likely likings, and the longest step along any, in standard deviations; from those of
the round before, one step does."""
LEAST = 0.02
"""What is left of a direction at least in a round."""
AT_ONCE = 65_536
"""Items."""
ONE_THREAD = threadpool_limits.wrap(limits=1, user_api="blas")
"""The algebra of a user is small: threads wait for one another longer than they work, and on a busy machine much."""
FACTOR, SOLVE, INVERT = get_lapack_funcs(("potrf", "potrs", "potri"), dtype=np.float32)


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
    rounds: int = 8
    users: int = 1_500
    stride: float = 4.0

    def __post_init__(self) -> None:
        check_positive("tastes", self, ("width", "rounds", "users", "stride"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """What is known of what users like.

    Attributes:
        space: what of items is liked or not.
        likings: what they are made of.
        items: float32 [I, R], what of each item they are about.
        users: float32 [U + 1, R], the most likely likings of each; the last row is a user of whom nothing is known.
    """

    space: TasteSpace
    likings: Likings
    items: Array
    users: Array

    @classmethod
    def of(cls, space: TasteSpace, data: TrainingSet, covariance: Array, told: Told, progress: Progress) -> "Tastes":
        """Learns from what users tell how likely which likings are.

        Args:
            space: of items.
            data: the users and items.
            covariance: float64 [G, G], as `how_users_differ` gives it.
            told: by users.
            progress: told now and then.
        """
        root, likings = independent(told, covariance)
        return cls(
            space=space,
            likings=likings,
            items=told.standard(root).items,
            users=likings_of(told, root, len(data.user_ids) + 1, progress),
        )

    def known(self, user_ids: Sequence[str]) -> UserVectors:
        """Vectors [n, R] of those of whom anything is known; U names."""
        rows = np.flatnonzero(self.users[:-1].any(axis=1))
        return UserVectors(user_ids=tuple(user_ids[row] for row in rows.tolist()), vectors=self.users[rows])

    def said(self, items: ItemArrays) -> Array:
        """float32 [I, L], what choosing each of I items says of a person's leading numbers."""
        rows = np.array_split(np.arange(len(items.codes)), max(1, -(-len(items.codes) // AT_ONCE)))
        pieces = (items_at(items, each) for each in rows)
        return np.concatenate([self.likings.said(self.space(each), each.codes) for each in pieces])

    def persons(self, users: Array, chosen: ItemArrays, of: Array) -> Array:
        """float32 [n, L], the leading numbers of users, int64 [n] from 0 to U, once they chose N items.

        Args:
            users: whom.
            chosen: the N items.
            of: int64 [N], who chose each, below n.
        """
        return self.likings.lead(self.likings.after(self.users[users], self.space(chosen), chosen.codes, of))

    def __call__(self, users: Array, items: Array) -> Array:
        """float32 [n], what the likings of users add to the log-odds of a click."""
        return np.einsum("nf,nf->n", self.users[users], self.items[items])


@ONE_THREAD
def how_users_differ(told: Told, config: TastesConfig, progress: Progress) -> Array:
    """float64 [G, G], the covariance of likings among users, by expectation maximisation.

    Args:
        told: by users.
        config: how.
        progress: told after each round.
    """
    some = sorted(told.shown.each(), key=lambda rows: rows.start - rows.stop)[: config.users]
    root, standard = np.eye(told.items.shape[1]), np.zeros((len(some), told.items.shape[1]), np.float32)
    for done in range(config.rounds):
        about, unknown = told.standard(root), np.zeros_like(root)
        for place, rows in enumerate(some):
            step, left = _newton(*about.evidence(rows, standard[place]), standard[place])
            standard[place] += step
            unknown += left()
        if some:
            unknown = (np.tril(unknown) + np.tril(unknown, -1).T) / len(some)
            directions, stretch = _change(unknown + standard.T @ standard / len(some), unknown, config.stride)
            root, standard = root @ directions * stretch, (standard @ directions / stretch).astype(np.float32)
        progress("Learning how users differ", done + 1, config.rounds)
    return root @ root.T


def independent(told: Told, covariance: Array) -> tuple[Array, Likings]:
    """Numbers that are independent among users, and remain so when something is chosen: float64 [G, R], and as such.

    Args:
        told: by users.
        covariance: float64 [G, G], as `how_users_differ` gives it.
    """
    values, vectors = np.linalg.eigh(covariance)
    root, visits = vectors * np.sqrt(np.maximum(values, 0)), told.visits
    mean, varies = told.choices()
    surer, turned = np.linalg.eigh(root.T @ varies @ root)
    root = root @ turned
    likings = Likings(
        items=root[: len(root) - len(visits)].T.astype(np.float32),
        kinds=(told.kinds @ root).T.astype(np.float32),
        usual=visits.usual,
        columns=visits.columns,
        starts=visits.starts,
        mean=(mean @ root).astype(np.float32),
        told=np.maximum(surer, 0).astype(np.float32),
    )
    return root, likings


@ONE_THREAD
def likings_of(told: Told, root: Array, num_users: int, progress: Progress) -> Array:
    """float32 [num_users, R], the most likely likings of each user; zero for those who were shown nothing.

    Args:
        told: by users.
        root: float64 [G, R], what R likings that are by nature N(0, 1) mean.
        num_users: more than the highest of them.
        progress: told now and then.
    """
    about, likings = told.standard(root), np.zeros((num_users, root.shape[1]), np.float32)
    users = list(told.shown.each())
    for done, rows in enumerate(users):
        liking = likings[told.shown.users[rows.start]]
        for _ in range(NEWTON_STEPS):
            step, _ = _newton(*about.evidence(rows, liking), liking)
            liking += step
        progress("Learning what users like", done + 1, len(users))
    return likings


def _newton(slope: Array, known: Array, standard: Array) -> tuple[Array, Callable[[], Array]]:
    """The step to the most likely liking, float32 [G]; and what is left unknown there, the lower half of [G, G]."""
    known[np.diag_indices_from(known)] += 1
    factor, _ = FACTOR(known.T, lower=1, clean=1, overwrite_a=1)
    step, _ = SOLVE(factor, slope - standard, lower=1)
    step *= LONGEST / max(float(np.abs(step).max(initial=0)), LONGEST)
    return step, lambda: INVERT(factor, lower=1, overwrite_c=1)[0]


def _change(found: Array, unknown: Array, stride: float) -> tuple[Array, Array]:
    """Directions [G, G] and how far likings stretch along each, [G], up to `stride` times over on a logarithmic scale.

    What users tell of a direction is the share of its variance that is not `unknown` [G, G] after it; the
    square of it is the share of the way that expectation maximisation goes.
    """
    change, directions = np.linalg.eigh(found)
    told = 1 - np.einsum("ij,ij->j", directions, unknown @ directions)
    times = 1 / np.maximum(told, stride**-0.5) ** 2
    return directions, np.maximum(change, LEAST) ** (times / 2)

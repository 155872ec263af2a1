"""What each user likes and comes for: a vector in the space of items, for what the click model knows of all alike.

Users who were shown little are thought to be like the others; how much the others differ, and in what together, is
learned from those who were shown much. So a few clicks and visits say something of all that goes with them.

Sources: Zhang et al., GLMix: generalized linear mixed models for large-scale response prediction, KDD 2016; Laird and
Ware, Random-effects models for longitudinal data, 1982 (the prior, by expectation maximisation).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import get_lapack_funcs
from threadpoolctl import threadpool_limits

from winnow.calibration.sigmoid import sigmoid
from winnow.features.taste_space import TasteSpace
from winnow.models.looks import CERTAIN
from winnow.schema.column import Array
from winnow.stores.intents import Intents
from winnow.stores.user_vectors import UserVectors
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.training_set import TrainingSet
from winnow.training.visit_kinds import VisitKinds

LIKED, WISH = 2.0, 0.5
"""The wish for a kind of items is so many times what is liked of its items on average, and something of its own of this
standard deviation, when learning begins."""
NEWTON_STEPS, LONGEST = 4, 2.0
"""From nothing to the most likely likings, and the longest step along any, in standard deviations; from those of
the round before, one step does."""
LEAST = 0.02
"""What is left of a direction at least in a round."""
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
class Told:
    """What users tell of what they like and come for, which are G numbers: F likings, and a wish for each of K kinds.

    Attributes:
        items: float32 [I, G], what of an item is liked.
        kinds: float32 [K, G], what a wish is made of.
        shown: what became of items that were shown.
        visits: what they were about.
    """

    items: Array
    kinds: Array
    shown: Shown
    visits: VisitKinds

    @classmethod
    def of(cls, items: Array, codes: Array, shown: Shown, visits: VisitKinds) -> "Told":
        """Of items float32 [I, F] with the codes int32 [I, Fc]."""
        liked, own = LIKED * visits.means(items, codes), WISH * np.eye(len(visits), dtype=items.dtype)
        padded = np.pad(items, ((0, 0), (0, len(visits))))
        return cls(items=padded, kinds=np.concatenate([liked, own], axis=1), shown=shown, visits=visits)

    def standard(self, root: Array) -> "Told":
        """The same where likings are told in their standard deviations: by nature N(0, 1); `root` is [G, G]."""
        items, kinds = ((each @ root).astype(np.float32) for each in (self.items, self.kinds))
        return replace(self, items=items, kinds=kinds)

    def evidence(self, rows: slice, liking: Array) -> tuple[Array, Array]:
        """Slope [G] and expected information [G, G] of the likelihood of a user's impressions and visits."""
        slope, known = _evidence(self.items, self.shown, rows, liking)
        more, known_more = self.visits.evidence(int(self.shown.users[rows.start]), self.kinds, liking)
        return slope + more, known + known_more


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """What is known of what users like.

    Attributes:
        space: what of items is liked or not.
        items: float32 [I, F], the items in it.
        users: float32 [U + 1, F], the most likely likings of each; the last row is a user of whom nothing is known.
        intents: what they come for.
    """

    space: TasteSpace
    items: Array
    users: Array
    intents: Intents

    @classmethod
    def of(cls, space: TasteSpace, data: TrainingSet, covariance: Array, told: Told, progress: Progress) -> "Tastes":
        """Learns from what users tell how likely which likings are; arguments as of `likings_of`."""
        likings, visits = likings_of(told, covariance, len(data.user_ids) + 1, progress), told.visits
        known = np.flatnonzero(likings.any(axis=1))
        wishes = UserVectors(
            user_ids=tuple(data.user_ids[row] for row in known.tolist()),
            vectors=visits.beside_usual(likings[known] @ told.kinds.T),
        )
        items = space(data.items)
        return cls(
            space=space,
            items=items,
            users=likings[:, : items.shape[1]].copy(),
            intents=Intents(columns=visits.columns, starts=visits.starts[:-1], users=wishes),
        )

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


@ONE_THREAD
def likings_of(told: Told, covariance: Array, num_users: int, progress: Progress) -> Array:
    """float32 [num_users, G], the most likely likings of each user; zero for those who were shown nothing.

    Args:
        told: by users.
        covariance: float64 [G, G], as `how_users_differ` gives it.
        num_users: more than the highest of them.
        progress: told now and then.
    """
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    about, standard = told.standard(root), np.zeros((num_users, len(root)), np.float32)
    users = list(told.shown.each())
    for done, rows in enumerate(users):
        liking = standard[told.shown.users[rows.start]]
        for _ in range(NEWTON_STEPS):
            step, _ = _newton(*about.evidence(rows, liking), liking)
            liking += step
        progress("Learning what users like", done + 1, len(users))
    return (standard @ root.T).astype(np.float32)


def _evidence(about: Array, shown: Shown, rows: slice, liking: Array) -> tuple[Array, Array]:
    """What the impressions of a user say of likings: slope [G] and expected information [G, G] of their likelihood."""
    seen, clicked, looked = about[shown.items[rows]], shown.clicked[rows], shown.looked[rows]
    chance = np.minimum(sigmoid(shown.logits[rows] + seen @ liking), CERTAIN)
    click = looked * chance
    slope = np.where(clicked, 1 - chance, -click * (1 - chance) / (1 - click))
    weight = (1 - chance) * np.sqrt(click / (1 - click))
    weighed = seen * weight.astype(about.dtype)[:, None]
    return slope.astype(about.dtype) @ seen, weighed.T @ weighed


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

"""The visitors of the simulated shop: who they are, and what they like."""

from dataclasses import dataclass, replace

import numpy as np

from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.likings import LIKINGS
from winnow.data.shop.seeds import stream
from winnow.data.shop.shop_spec import Drift, ShopSpec
from winnow.schema.column import Array

AGE_LIMITS = (28, 43, 59)
GROUPS = 2 * (len(AGE_LIMITS) + 1)
NO_AGE_SHARE = 0.04
LATE_SHARE = 0.08
ACTIVITY_SD = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """U users. A user's likings are those of the group, which age and gender tell, hidden factors, and the user's own.

    Attributes:
        age: float64 [U], years, NaN where a user has not told.
        gender: uint8 [U], 0 or 1.
        group: uint8 [U], by age (also an age not told) and gender.
        prior: float32 [GROUPS, F], mean likings of each group.
        loadings: float32 [FACTORS, F], what hidden factors, standard normal over users, do to likings.
        own_sd: float32 [F], standard deviation of what is a user's own.
        likings: float32 [U, F], see `LIKINGS`.
        activity: float32 [U], how often a user comes; mean 1.
        device: uint8 [U], the device that a user prefers.
        joins: int32 [U], first day on which a user may come; 0 for most.
    """

    age: Array
    gender: Array
    group: Array
    prior: Array
    loadings: Array
    own_sd: Array
    likings: Array
    activity: Array
    device: Array
    joins: Array

    def __len__(self) -> int:
        return len(self.group)


def make_people(spec: ShopSpec) -> People:
    """Draw the users."""
    draw = stream(spec.seed, "users")
    n = spec.users
    age = np.clip(np.round(draw.gamma(6.0, 4.0, n) + 15), 16, 90)
    gender = draw.integers(2, size=n).astype(np.uint8)
    group = (np.searchsorted(AGE_LIMITS, age, side="right") * 2 + gender).astype(np.uint8)
    prior, loadings, own_sd = LIKINGS.prior(draw, GROUPS), LIKINGS.loadings(draw), LIKINGS.own_sd()
    late = draw.random(n) < LATE_SHARE
    return People(
        age=np.where(draw.random(n) < NO_AGE_SHARE, np.nan, age),
        gender=gender,
        group=group,
        prior=prior,
        loadings=loadings,
        own_sd=own_sd,
        likings=prior[group] + _personal(draw, loadings, own_sd, n),
        activity=np.exp(draw.normal(-(ACTIVITY_SD**2) / 2, ACTIVITY_SD, n)).astype(np.float32),
        device=draw.choice(len(DEVICES), size=n, p=(0.6, 0.3, 0.1)).astype(np.uint8),
        joins=np.where(late, draw.integers(max(1, int(0.4 * spec.days)), spec.days, n), 0).astype(np.int32),
    )


def drifted(people: People, drift: Drift, seed: int) -> People:
    """The same people after the drift: some with other likings, more on their mobile phone."""
    draw = stream(seed, "drift")
    n = len(people)
    changed = draw.random(n) < drift.users
    likings = people.likings.copy()
    personal = _personal(draw, people.loadings, people.own_sd, int(changed.sum()))
    likings[changed] = people.prior[people.group[changed]] + personal
    mobile = draw.random(n) < drift.mobile
    return replace(people, likings=likings, device=np.where(mobile, 0, people.device).astype(np.uint8))


def _personal(draw: np.random.Generator, loadings: Array, own_sd: Array, n: int) -> Array:
    """float32 [n, F], how users differ from their group."""
    personal = draw.standard_normal((n, len(own_sd)), np.float32)
    personal *= own_sd
    personal += draw.standard_normal((n, len(loadings)), np.float32) @ loadings
    return personal

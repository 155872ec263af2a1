"""The truth behind a simulated shop: what is there, who comes, and what the moment does."""

from dataclasses import dataclass, replace

import numpy as np

from winnow.data.shop.items import Items, make_items
from winnow.data.shop.moments import Moments, make_moments
from winnow.data.shop.people import People, drifted, make_people
from winnow.data.shop.seeds import stream
from winnow.data.shop.shop_spec import ShopSpec
from winnow.schema.column import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that is drawn before the first visitor comes.

    Attributes:
        spec: size, seed and effects.
        items: by row.
        before, after: people by row, before the drift and from its day on; the same object without drift.
        moments: effects of the moment.
        logged: bool [U], whether a user's impressions are logged.
    """

    spec: ShopSpec
    items: Items
    before: People
    after: People
    moments: Moments
    logged: Bools

    def people(self, day: int) -> People:
        """The people as they are on a day."""
        drift = self.spec.drift
        return self.before if drift is None or day < drift.day else self.after

    def without_drift(self) -> "World":
        """The same world, had nothing ever changed."""
        moments = replace(self.moments, rise=np.zeros_like(self.moments.rise))
        return replace(self, spec=replace(self.spec, drift=None), after=self.before, moments=moments)


def make_world(spec: ShopSpec) -> World:
    """Draw a world; the same for the same spec."""
    people = make_people(spec)
    after = people if spec.drift is None else drifted(people, spec.drift, spec.seed)
    logged = stream(spec.seed, "logged").permutation(spec.users) < round(spec.logged * spec.users)
    return World(
        spec=spec, items=make_items(spec), before=people, after=after, moments=make_moments(spec), logged=logged
    )

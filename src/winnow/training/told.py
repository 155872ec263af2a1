"""What users tell of what they like and come for: clicks on what they were shown, and what their visits were about."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.models.looks import CERTAIN
from winnow.schema.column import Array
from winnow.training.scratch import slices
from winnow.training.visit_kinds import VisitKinds

LIKED, WISH = 2.0, 0.5
"""The wish for a kind of items is so many times what is liked of its items on average, and something of its own of this
standard deviation, when learning begins."""
AT_ONCE = 8_192
"""Items."""


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
        kinds_of: int64 [I, C], those that each item is of.
        shown: what became of items that were shown.
        visits: what they were about.
    """

    items: Array
    kinds: Array
    kinds_of: Array
    shown: Shown
    visits: VisitKinds

    @classmethod
    def of(cls, items: Array, codes: Array, shown: Shown, visits: VisitKinds) -> "Told":
        """Of items float32 [I, F] with the codes int32 [I, Fc]."""
        liked, own = LIKED * visits.means(items, codes), WISH * np.eye(len(visits), dtype=items.dtype)
        return cls(
            items=np.pad(items, ((0, 0), (0, len(visits)))),
            kinds=np.concatenate([liked, own], axis=1),
            kinds_of=visits.places(codes),
            shown=shown,
            visits=visits,
        )

    def standard(self, root: Array) -> "Told":
        """The same where likings are told in their standard deviations: by nature N(0, 1); `root` is [G, R]."""
        items, kinds = ((each @ root).astype(np.float32) for each in (self.items, self.kinds))
        return replace(self, items=items, kinds=kinds)

    def choices(self) -> tuple[Array, Array]:
        """What choosing an item says, on average [G] and how that varies [G, G], as often as items were shown."""
        times, width = np.zeros(len(self.items), np.int64), self.items.shape[1]
        for some in slices(0, len(self.shown.items)):
            times += np.bincount(self.shown.items[some], minlength=len(times))
        shares = times / max(1, times.sum())
        mean, square = np.zeros(width), np.zeros((width, width))
        for some in slices(0, len(times), AT_ONCE):
            said = self.items[some] + self.kinds[self.kinds_of[some]].sum(axis=1)
            mean += shares[some] @ said
            square += (said.T * shares[some]) @ said
        return mean, square - np.outer(mean, mean)

    def evidence(self, rows: slice, liking: Array) -> tuple[Array, Array]:
        """Slope [G] and expected information [G, G] of the likelihood of a user's impressions and visits."""
        slope, known = _evidence(self.items, self.shown, rows, liking)
        more, known_more = self.visits.evidence(int(self.shown.users[rows.start]), self.kinds, liking)
        return slope + more, known + known_more


def _evidence(about: Array, shown: Shown, rows: slice, liking: Array) -> tuple[Array, Array]:
    """What the impressions of a user say of likings: slope [G] and expected information [G, G] of their likelihood."""
    seen, clicked, looked = about[shown.items[rows]], shown.clicked[rows], shown.looked[rows]
    chance = np.minimum(sigmoid(shown.logits[rows] + seen @ liking), CERTAIN)
    click = looked * chance
    slope = np.where(clicked, 1 - chance, -click * (1 - chance) / (1 - click))
    weight = (1 - chance) * np.sqrt(click / (1 - click))
    weighed = seen * weight.astype(about.dtype)[:, None]
    return slope.astype(about.dtype) @ seen, weighed.T @ weighed

"""What people like and come for, in independent numbers, and what each thing that somebody chose says of them.

Whoever chooses an item came for its kind and likes it better than what else is shown: a logit model of both. Where
items are spread as a normal distribution is, the most likely numbers are known at once, without a search.

Source: McFadden, Conditional logit analysis of qualitative choice behavior, 1974.
"""

from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np

from winnow.schema.column import Array

FILE_NAME = "likings.npz"
LEADING = 16
"""Numbers that a search looks for at most. In a shop of 10,000 items twice as many find 1 % more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likings:
    """R numbers of a person, among all people independent and N(0, 1). Kinds are the codes of some columns of items.

    Attributes:
        items: float32 [R, F], the taste for items, in a space of F numbers, that each of them makes.
        kinds: float32 [R, K], likewise the wish for each kind.
        usual: float32 [K], logarithm of the share that each kind has of everybody's visits.
        columns: int64 [C], places of the columns of kinds among the item codes.
        starts: int64 [C + 1], where the kinds of each column begin among the K kinds, and K.
        mean: float32 [R], what items say on average, as often as they are shown.
        told: float32 [R], variance of that: how much surer one choice makes of each number.
    """

    items: Array
    kinds: Array
    usual: Array
    columns: Array
    starts: Array
    mean: Array
    told: Array

    def __len__(self) -> int:
        return len(self.items)

    @property
    def leading(self) -> int:
        """L, the last numbers, of which one choice says most."""
        return min(LEADING, len(self))

    @property
    def width(self) -> int:
        """C, the numbers that are known of a candidate."""
        return len(self.columns)

    def places(self, codes: Array) -> Array:
        """int64 [N, C], places among the K kinds of those that N items are of; codes int32 [N, Fc]."""
        return codes.take(self.columns, axis=1) + self.starts[:-1]

    def said(self, items: Array, codes: Array) -> Array:
        """float32 [N, L], what choosing each of N things says of the leading numbers, beside what choices usually say.

        Its inner product with a person's leading numbers is how much more the person chooses it, in log-odds.

        Args:
            items: float32 [N, F], in the space of tastes.
            codes: int32 [N, Fc].
        """
        last = slice(len(self) - self.leading, None)
        return items @ self.items[last].T + self.kinds[last].T[self.places(codes)].sum(axis=1) - self.mean[last]

    def lead(self, likings: Array) -> Array:
        """float32 [B, L], the leading ones of float32 [B, R]."""
        return likings[:, len(self) - self.leading :]

    def tastes(self, likings: Array) -> Array:
        """float32 [B, F], in the space of items; likings float32 [B, R]."""
        return likings @ self.items

    def intents(self, likings: Array) -> Array:
        """float32 [B, K], logarithm of how much more of a person's visits is about a kind than of everybody's."""
        told = likings @ self.kinds
        for start, end in pairwise(self.starts.tolist()):
            wishes = told[:, start:end]
            wishes -= np.logaddexp.reduce(wishes + self.usual[start:end], axis=1, keepdims=True)
        return told

    def after(self, likings: Array, items: Array, codes: Array, of: Array) -> Array:
        """float32 [B, R], the most likely numbers of people who chose N things, around those that are usual for them.

        Args:
            likings: float32 [B, R], the usual ones; they vary as much as people do.
            items: float32 [N, F], what was chosen, in the space of tastes.
            codes: int32 [N, Fc], the same.
            of: int64 [N], who chose it, below B.
        """
        batch, width = len(likings), self.kinds.shape[1]
        number = np.bincount(of, minlength=batch).astype(np.float32)[:, None]
        places = self.places(codes)
        if batch == 1:  # a request alone, as most come
            chosen = np.add.reduce(items, keepdims=True)
        else:
            chosen = np.zeros((batch, items.shape[1]), np.float32)
            np.add.at(chosen, of, items)
            places += of[:, None] * width
        kinds = np.bincount(places.ravel(), minlength=batch * width).reshape(batch, width).astype(np.float32)
        said = chosen @ self.items.T + kinds @ self.kinds.T - number * (self.mean + self.told * likings)
        return likings + said / (1 + number * self.told)

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        arrays: dict[str, Array] = {each.name: getattr(self, each.name) for each in fields(self)}
        np.savez(folder / FILE_NAME, allow_pickle=False, **arrays)

    @staticmethod
    def load(folder: Path) -> "Likings":
        """Reads what `save` wrote."""
        with np.load(folder / FILE_NAME, allow_pickle=False) as content:
            return Likings(**dict(content))

"""Which kinds of things each user's visits are about, as what they were shown tells.

Who is shown an item is half of who clicks it, and in many a shop the visitors choose what they are shown: they open a
category, or look for something. What they come for says what they like as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winnow.features.likeness import VISIT_S
from winnow.schema.column import Array
from winnow.training.impression_rows import ImpressionRows
from winnow.training.scratch import slices

KINDS = 64
"""Most that are told apart: columns with many codes are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitKinds:
    """A visit is a choice among the kinds of each column, by the wishes of the user: a softmax of wish and usual share.

    Attributes:
        columns: int64 [C], places among the item codes of the columns whose codes are kinds.
        starts: int64 [C + 1], where the kinds of each column begin among the K kinds, and K.
        visits: float32 [U, K], of each user, how many visits were about each kind; shares of a visit add up to one.
        usual: float32 [K], logarithm of the share of everybody's visits.
    """

    columns: Array
    starts: Array
    visits: Array
    usual: Array

    def __len__(self) -> int:
        return len(self.usual)

    def places(self, codes: Array) -> Array:
        """int64 [I, C], places among the K kinds of those that items are of; codes int32 [I, Fc]."""
        return codes[:, self.columns] + self.starts[:-1]

    def means(self, items: Array, codes: Array) -> Array:
        """float32 [K, F], of the items [I, F] of each kind, 0 where there are none; codes int32 [I, Fc]."""
        kinds = self.places(codes).ravel()
        of = np.repeat(np.arange(len(items)), len(self.columns))
        total = np.zeros((len(self), items.shape[1]), items.dtype)
        np.add.at(total, kinds, items[of])
        return total / np.maximum(np.bincount(kinds, minlength=len(self)), 1)[:, None].astype(items.dtype)

    def evidence(self, user: int, about: Array, liking: Array) -> tuple[Array, Array]:
        """Slope [G] and expected information [G, G] of the likelihood of a user's visits.

        Args:
            user: row.
            about: float32 [K, G], what a wish for each kind is multiplied with.
            liking: float32 [G].
        """
        slope, information = np.zeros_like(liking), np.zeros((len(liking), len(liking)), about.dtype)
        for start, end in pairwise(self.starts.tolist()):
            kinds, visits = about[start:end], self.visits[user, start:end]
            chance = _softmax(self.usual[start:end] + kinds @ liking)
            expected = visits.sum() * chance
            mean = expected @ kinds
            slope += (visits - expected) @ kinds
            information += (kinds.T * expected) @ kinds - np.outer(mean, chance @ kinds)
        return slope, information


def visit_kinds(rows: ImpressionRows, chosen: Array, codes: Array, sizes: Sequence[int], num_users: int) -> VisitKinds:
    """Counts the visits of known users by the kinds of what was shown; a visit counts as one, however long it was.

    A page with things of one kind was asked for: where a visit has such pages, it was about these, and else about all
    that was shown.

    Args:
        rows: impressions.
        chosen: int64 [n], those to count, by time.
        codes: int32 [I, Fc], of all items.
        sizes: codes of each column; 0 for one that is not counted, such as which item it is.
        num_users: rows of users from this one on are of those whom nobody knows.
    """
    columns = _few_codes(sizes)
    starts = np.cumsum([0, *(sizes[column] for column in columns)])
    visits, usual = np.zeros((num_users, starts[-1]), np.float32), np.empty(starts[-1], np.float32)
    shown = _Visits.of(rows, chosen, num_users)
    for column, (start, end) in zip(columns, pairwise(starts.tolist()), strict=True):
        told = shown.told(codes[:, column], (num_users, end - start))
        everybody = told.sum(axis=0) + 1
        visits[:, start:end], usual[start:end] = told, np.log(everybody / everybody.sum())
    return VisitKinds(columns=np.array(columns, np.int64), starts=starts, visits=visits, usual=usual)


def _softmax(logits: Array) -> Array:
    chance = np.exp(logits - logits.max())
    return chance / chance.sum()


def _few_codes(sizes: Sequence[int]) -> list[int]:
    """Columns that are counted, by place: those with the fewest codes, as far as they fit."""
    chosen, room = list[int](), KINDS
    for column in sorted((each for each, size in enumerate(sizes) if size), key=sizes.__getitem__):
        room -= sizes[column]
        if room >= 0:
            chosen.append(column)
    return sorted(chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visits:
    """The visits and pages of n impressions.

    Attributes:
        rows: all impressions.
        chosen: int64 [n], which of them.
        visit: int64 [n], which visit each is of, -1 of those whom nobody knows.
        page: int64 [n], likewise.
        visits, pages: how many there are.
    """

    rows: ImpressionRows
    chosen: Array
    visit: Array
    page: Array
    visits: int
    pages: int

    @classmethod
    def of(cls, rows: ImpressionRows, chosen: Array, num_users: int) -> "_Visits":
        visit, page = (rows.scratch.empty((len(chosen),), np.int64) for _ in range(2))
        latest, opened = np.full(num_users, -np.inf), np.full(num_users, -np.inf)
        visit_of, page_of, visits, pages = np.zeros(num_users, np.int64), np.zeros(num_users, np.int64), 0, 0
        for some in slices(0, len(chosen)):
            which = chosen[some]
            order = np.argsort(rows.user_rows[which], kind="stable")
            order = order[rows.user_rows[which[order]] < num_users]
            whose, at, since = (each[which[order]] for each in (rows.user_rows, rows.at, rows.pages_at))
            first = np.diff(whose, prepend=-1) != 0
            begins = at - np.where(first, latest[whose], np.roll(at, 1)) > VISIT_S
            turns = begins | (since != np.where(first, opened[whose], np.roll(since, 1)))
            visit[some], page[some] = -1, -1
            visit[some][order] = visit_of[whose] = _numbered(begins, first, visit_of[whose], visits)
            page[some][order] = page_of[whose] = _numbered(turns, first, page_of[whose], pages)
            latest[whose], opened[whose] = at, since
            visits, pages = visits + int(begins.sum()), pages + int(turns.sum())
        return cls(rows=rows, chosen=chosen, visit=visit, page=page, visits=visits, pages=pages)

    def told(self, codes: Array, shape: tuple[int, int]) -> Array:
        """float64 of the shape [U, K], how many visits of each user were about each of K codes; codes int32 [I]."""
        kind, size = (self.rows.scratch.empty((self.pages,), np.int32) for _ in range(2))
        mixed, about = np.zeros(self.pages, np.bool_), np.zeros(self.visits, np.bool_)
        for _, _, page, code in self._pieces(codes):
            kind[page] = code
        for _, _, page, code in self._pieces(codes):
            np.add.at(size, page, 1)
            mixed[page[code != kind[page]]] = True
        asked = (size > 1) & ~mixed
        for _, visit, page, _ in self._pieces(codes):
            about[visit[asked[page]]] = True
        length, told = np.zeros(self.visits), np.zeros(shape)
        for _, visit, page, _ in self._pieces(codes):
            length += np.bincount(visit[asked[page] | ~about[visit]], minlength=self.visits)
        for user, visit, page, code in self._pieces(codes):
            counts = asked[page] | ~about[visit]
            np.add.at(told, (user[counts], code[counts]), 1 / length[visit[counts]])
        return told

    def _pieces(self, codes: Array) -> Iterator[tuple[Array, Array, Array, Array]]:
        """Users, visits, pages and codes of the impressions of known users, some at a time."""
        for some in slices(0, len(self.chosen)):
            known = self.visit[some] >= 0
            rows = self.chosen[some][known]
            yield (
                self.rows.user_rows[rows],
                self.visit[some][known],
                self.page[some][known],
                codes[self.rows.items[rows]],
            )


def _numbered(begins: Array, first: Array, before: Array, free: int) -> Array:
    """int64 [n], numbers from `free` on for those that begin; for others the one before, `before` for the `first`."""
    number = np.where(begins, free + np.cumsum(begins) - 1, before)
    return number[np.maximum.accumulate(np.where(first | begins, np.arange(len(number)), 0))]

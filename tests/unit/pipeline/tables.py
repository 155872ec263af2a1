"""Requests and candidates written by hand, and a shop of numbered items to run whole pipelines in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of
from winnow.schema.errors import Unavailable


def ragged_of(rows: Sequence[Sequence[int]]) -> Ragged:
    values = np.array([value for row in rows for value in row], np.int64)
    return Ragged(values, offsets_of(np.array([len(row) for row in rows], np.int64)))


def requests_of(
    users: Sequence[str],
    *,
    k: Sequence[int] | int = 3,
    exclude: Sequence[Sequence[int]] | None = None,
    seeds: Sequence[int] | None = None,
    columns: Mapping[str, Column] | None = None,
) -> Requests:
    size = len(users)
    return Requests(
        request_ids=tuple(f"request-{number}" for number in range(size)),
        user_ids=tuple(users),
        at=np.arange(size, dtype=np.float64),
        k=np.full(size, k, np.int64) if isinstance(k, int) else np.array(k, np.int64),
        exclude=ragged_of(exclude or [[]] * size),
        seeds=np.array(range(size) if seeds is None else seeds, np.uint64),
        columns=columns or {},
    )


def candidates_of(items: Sequence[Sequence[int]], **columns: Sequence[float]) -> Candidates:
    rows = ragged_of(items)
    given = {
        name: np.array(values, bool if name == "seen" else np.float32).reshape(len(rows.values))
        for name, values in columns.items()
    }
    return Candidates(item_rows=rows.values, offsets=rows.offsets, columns=given)


def lists(values: Array, offsets: Array) -> list[list[float]]:
    return [values[start:end].tolist() for start, end in pairwise(offsets.tolist())]


def items(candidates: Candidates) -> list[list[int]]:
    return lists(candidates.item_rows, candidates.offsets)


def catalogue_of(size: int, *, allowed: Sequence[bool] | None = None, dim: int = 2) -> Catalogue:
    """Items `item-0`, `item-1`, ...; item n has the code n, the value n / 2, the looks [n], the tower vector [n, 1]."""
    number = np.arange(size, dtype=np.float32)
    tower = np.ones((size, dim), np.float32)
    tower[:, 0] = number
    return Catalogue(
        item_ids=tuple(f"item-{row}" for row in range(size)),
        codes=number[:, None].astype(np.int32),
        values=number[:, None] / 2,
        vectors={"looks": number[:, None].copy()},
        tower=tower,
        cards=[{"title": f"Item {row}"} for row in range(size)],
        allowed=np.ones(size, bool) if allowed is None else np.array(allowed, bool),
    )


@dataclass(frozen=True)
class ListSource:
    """Proposes what the list of the request's user says, in that order; the score falls by one a place."""

    lists: Mapping[str, Sequence[int]]

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        found = [list(self.lists[user][:k]) for user in requests.user_ids]
        return candidates_of(found, score=[-place for row in found for place in range(len(row))])


@dataclass(frozen=True)
class SeenSets:
    """A seen store made of sets of item hashes by user."""

    seen_by: Mapping[str, set[int]]

    def seen(self, user_ids: Sequence[str], item_hashes: Array, offsets: Array, before: Array) -> Bools:
        assert len(user_ids) == len(before) == len(offsets) - 1
        users = [user for user, count in zip(user_ids, np.diff(offsets), strict=True) for _ in range(count)]
        pairs = zip(users, item_hashes.tolist(), strict=True)
        return np.array([item in self.seen_by.get(user, set()) for user, item in pairs], bool)


@dataclass(frozen=True)
class SilentSeen:
    """A store that does not answer."""

    def seen(self, user_ids: Sequence[str], item_hashes: Array, offsets: Array, before: Array) -> Bools:
        raise Unavailable("The seen store does not answer.")


@dataclass(frozen=True)
class TableScorer:
    """A score by item row, the same for everybody."""

    scores: Array

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        return self.scores[candidates.item_rows]


@dataclass(frozen=True)
class FunctionFilter:
    """A filter that is a function."""

    function: Callable[[Requests, Candidates], Bools]

    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        return self.function(requests, candidates)

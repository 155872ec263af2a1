"""Requests and candidates written by hand, and a shop of numbered items to run whole pipelines in."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.filters import SeenFilter
from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import StateHydrator
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of
from winnow.schema.errors import Unavailable
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.known_events import KnownEvents
from winnow.stores.seen_days import no_days
from winnow.stores.seen_layout import SeenConfig, seen_levels
from winnow.stores.state_store import StateReader, UserStates


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
    """A state store in which users have clicked on the items with these hashes, long ago."""

    seen_by: Mapping[str, set[int]]

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        assert len(user_ids) == len(before)
        rows = [sorted(self.seen_by.get(user, ())) for user in user_ids]
        hashes = np.array([each for row in rows for each in row], np.uint64)
        offsets = offsets_of(np.array([len(row) for row in rows], np.int64))
        clicks = np.full(len(hashes), CODE_OF_TYPE["click"], np.int8)
        events = KnownEvents.of(hashes, clicks, np.full(len(hashes), -1e9), offsets)
        return UserStates(events=events, seen=no_days(len(rows)), forgotten=np.zeros(len(rows), bool))


@dataclass(frozen=True)
class SilentState:
    """A store that does not answer."""

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        raise Unavailable("The state store does not answer.")


def seen_filter(catalogue: Catalogue) -> SeenFilter:
    """Hides what was clicked."""
    return SeenFilter(catalogue=catalogue, counted=counted_types(["click"]), levels=seen_levels(SeenConfig()))


def knowing(requests: Requests, store: StateReader, catalogue: Catalogue) -> Requests:
    """Requests with what the store knows."""
    return requests.with_columns(StateHydrator(store=store, catalogue=catalogue).columns(requests))


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

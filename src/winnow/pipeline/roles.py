"""What a stage may do, by what it may return: a mask, a column, rows. Nothing else can happen."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.rule import Rule
from winnow.schema.column import Array, Bools, Column
from winnow.schema.record import record


class RequestHydrator(Protocol):
    """Adds columns to requests: context features, the query vector."""

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """New columns, each with B rows."""
        ...


class SkippableHydrator(Protocol):
    """A request hydrator that can be done without: user features, recent events."""

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """New columns, each with B rows."""
        ...

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """The same columns as they are when nothing is known."""
        ...


class Source(Protocol):
    """Proposes items."""

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """At most `k` items for each request, best first, no item twice; column `score` float32 [N]."""
        ...


class Hydrator(Protocol):
    """Adds columns to candidates: item features, vectors, matches with the user's history."""

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """New columns, each with N rows."""
        ...


class Filter(Protocol):
    """Says which candidates may stay."""

    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        """bool [N], true where the candidate stays."""
        ...


class Scorer(Protocol):
    """Gives each candidate a number; higher is better."""

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N]."""
        ...


@record()
class Selection:
    """Which candidates are answered, in order.

    Attributes:
        rows: int64 [M], positions among the candidates, request by request, in the order of the answer.
        offsets: int64 [B + 1] over `rows`.
        propensities: float32 [M], probability of each pick given the earlier ones; 1.0 when deterministic.
        rules: int8 [M], the `Rule` behind each pick; by default every pick is by worth.
    """

    rows: Array
    offsets: Array
    propensities: Array
    rules: Array | None = None

    @property
    def all_rules(self) -> Array:
        """int8 [M], `rules` with their default."""
        return np.full(len(self.rows), Rule.WORTH, np.int8) if self.rules is None else self.rules


class Selector(Protocol):
    """Picks and orders the answer from scored candidates.

    Reads `score` and `seen`, and `relevance` where it weighs score against likeness; what else candidates have may be
    taken from them before they come.
    """

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, as many as there are; those flagged `seen` last."""
        ...

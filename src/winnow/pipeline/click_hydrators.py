"""How likely clicks are: what the visit is about, what the user likes, and what came of showing each candidate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.likeness import RECENT, VISIT_S, likeness
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Scorer
from winnow.schema.column import Array, Bools, Column, Ragged
from winnow.stores.event_store import EventStore
from winnow.stores.user_vectors import UserVectors

CLICKS = "clicks"
CHANCES = 3
"""Columns of `clicks` before what came of showing the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitHydrator:
    """Adds `visit` int64 [B, RECENT]: rows of the last items of the visit so far, latest first, -1 for none.

    Attributes:
        store: recent events.
        catalogue: what the items are called here.
        counted: bool [number of event types], which types are positive.
    """

    store: EventStore
    catalogue: Catalogue
    counted: Bools

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """What is older than a visit may pause, and what the catalogue does not have, leaves its place empty."""
        recent = self.store.recent(requests.user_ids, RECENT, requests.at, self.counted)
        rows = self.catalogue.rows_of_hashes(recent.item_hashes.values)
        rows[recent.at.values < np.repeat(requests.at, recent.at.lengths) - VISIT_S] = -1
        oldest_first, there = Ragged(rows, recent.item_hashes.offsets).padded(RECENT, fill=-1)
        latest = np.sort(np.where(there, np.arange(RECENT), -1), axis=1)[:, ::-1]
        return {"visit": np.where(latest >= 0, np.take_along_axis(oldest_first, latest, axis=1), -1)}

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """A visit that begins."""
        return {"visit": np.full((len(requests), RECENT), -1, np.int64)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteHydrator:
    """Adds `taste` float32 [B, F], what the user likes; nothing of whom nothing is known."""

    store: UserVectors

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As the store has them."""
        return {"taste": self.store.read(requests.user_ids)}

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """Nobody likes anything more."""
        return {"taste": np.zeros((len(requests), self.store.vectors.shape[1]), np.float32)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickHydrator:
    """Adds `clicks` float32 [N, CHANCES + W].

    The logarithm of the chance of a click once the item is looked at; its log-odds for all users alike, and what the
    user's taste adds to them; and W figures of what came of showing the item lately.

    Attributes:
        common: log-odds of a click for all users alike, by what is known of requests and candidates, of these also
            `likeness` and `shown`.
        catalogue: I items.
        liked: float32 [I, F], the items in the space of tastes.
        shown: float32 [I, W], what came of showing them.
    """

    common: Scorer
    catalogue: Catalogue
    liked: Array
    shown: Array

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """One question to the model for the whole batch."""
        rows, request_of = candidates.item_rows, candidates.request_of()
        shown = self.shown[rows]
        alike = likeness(self.catalogue, rows, requests.array("visit")[request_of])
        told = candidates.with_columns({"likeness": alike, "shown": shown})
        common = self.common.score(requests, told) if len(told) else np.empty(0, np.float32)
        taste = np.einsum("nf,nf->n", requests.array("taste")[request_of], self.liked[rows])
        chance = -np.logaddexp(0, -(common + taste))
        return {CLICKS: np.column_stack([chance, common, taste, shown])}

"""How likely clicks are: what the visit is about, what the user likes, and what came of showing each candidate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.likeness import RECENT, VISIT_S, likeness
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.pipeline.scorers import DlrmScorer
from winnow.pipeline.state_hydrator import last_events, remembered
from winnow.schema.column import Array, Bools, Column, Ragged
from winnow.stores.user_vectors import UserVectors

CLICKS, AFTER = "clicks", "after"
COMMON, TASTE = 1, 2
"""Columns of `clicks` whose sum is the log-odds of a click once the item is looked at."""
CHANCES = 3
"""Columns of `clicks` before what came of showing the item and what the user comes for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitHydrator:
    """Adds what the user did last, as the click model reads it.

    `visit` int64 [B, RECENT]: rows of the last items of the visit so far, latest first, -1 for none; and where the
    model reads a history, `history_events` float32 [B, L, E] and `history_present` float32 [B, L], 1 or 0.

    Attributes:
        counted: bool [number of event types], which types are positive.
        length: most events of the history; 0 where none is read.
        events: float32 [I, E], an event with each item as the click model reads it; None where no history is read.
    """

    counted: Bools
    length: int = 0
    events: Array | None = None

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """What is too old is not of the visit; what the catalogue does not have leaves its place empty."""
        places, offsets = last_events(requests, max(RECENT, self.length), self.counted)
        rows, ages = (requests.ragged(name).values[places] for name in ("event_rows", "event_ages"))
        of_visit, there = Ragged(np.where(ages <= VISIT_S, rows, -1), offsets).padded(RECENT, fill=-1)
        latest_first = np.sort(np.where(there, np.arange(RECENT), -1), axis=1)[:, ::-1]
        visit = np.where(latest_first >= 0, np.take_along_axis(of_visit, latest_first, axis=1), -1)
        return {"visit": visit, **self._history(Ragged(rows, offsets))}

    def _history(self, items: Ragged) -> Mapping[str, Column]:
        if self.events is None:
            return {}
        width = min(self.length, max(1, int(items.lengths.max(initial=0))))
        rows, _ = items.padded(width, fill=-1)
        present = rows >= 0
        events = np.zeros((*rows.shape, self.events.shape[1]), np.float32)
        events[present] = self.events[rows[present]]
        return {"history_events": events, "history_present": present.astype(np.float32)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHydrator:
    """Adds `taste` float32 [B, F], what the user likes, and `intent` float32 [B, K], what the user comes for.

    Both are 0 of whom nothing is known, and of those who asked to be forgotten.
    """

    tastes: UserVectors
    intents: UserVectors

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As the stores have them."""
        names = remembered(requests)
        return {"taste": self.tastes.read(names), "intent": self.intents.read(names)}

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """Nobody likes anything more, or comes for something else."""
        widths = {"taste": self.tastes.vectors.shape[1], "intent": self.intents.vectors.shape[1]}
        return {name: np.zeros((len(requests), width), np.float32) for name, width in widths.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickHydrator:
    """Adds `clicks` float32 [N, CHANCES + W + C], and where there are further outcomes `after` float32 [N, H].

    In `clicks` are the logarithm of the chance of a click once the item is looked at; its log-odds for all users alike,
    and what the user's taste adds to them; W figures of what came of showing the item lately; and for each of the C
    kinds that it is of, how much more the user comes for that than others do. In `after` are chances: of what follows
    on a click, given a click; of a dismissal, as shown.

    Attributes:
        common: `score`, log-odds of a click for all users alike, by what is known of requests and candidates; and
            `after`.
        catalogue: I items.
        kept: by name, arrays [I, ...] of what is known of each item before anybody asks: `liked` [I, F], the item in
            the space of tastes; `shown` [I, W], what came of showing it; `kinds` int64 [I, C], places in an intent; and
            what `common` reads besides.
        further: H.
    """

    common: DlrmScorer
    catalogue: Catalogue
    kept: Mapping[str, Array]
    further: int = 0

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """One question to the model for the whole batch."""
        rows, request_of = candidates.item_rows, candidates.request_of()
        known = {name: each[rows] for name, each in self.kept.items()}
        alike = likeness(self.catalogue, rows, requests.array("visit")[request_of])
        told = candidates.with_columns({**known, "likeness": alike})
        answers = self.common.answers(requests, told) if len(told) else self._none()
        common = answers["score"]
        taste = np.einsum("nf,nf->n", requests.array("taste")[request_of], known["liked"])
        chance = -np.logaddexp(0, -(common + taste))
        intent = requests.array("intent")[request_of[:, None], known["kinds"]]
        clicks = {CLICKS: np.column_stack([chance, common, taste, known["shown"], intent])}
        return {**clicks, AFTER: answers[AFTER]} if self.further else clicks

    def _none(self) -> Mapping[str, Array]:
        return {"score": np.empty(0, np.float32), AFTER: np.empty((0, self.further), np.float32)}

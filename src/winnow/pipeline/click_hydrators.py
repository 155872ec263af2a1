"""How likely clicks are: what the visit is about, and what came of showing each candidate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.item_tastes import ItemTastes
from winnow.features.likeness import RECENT, VISIT_S, likeness
from winnow.features.likings import Likings
from winnow.features.products_with import chosen_from
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.hydrators import hydrated_items
from winnow.pipeline.requests import Requests
from winnow.pipeline.scorers import DlrmScorer
from winnow.pipeline.state_hydrator import last_events
from winnow.schema.column import Array, Bools, Column, Ragged
from winnow.stores.shown_figures import ShownFigures

CLICKS, AFTER = "clicks", "after"
HISTORY_EVENTS = "history_events"
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
        width: E.
        events: float32 [N, E] of N catalogue rows, at least one: an event with each item as the click model reads it;
            None where no history is read.
    """

    counted: Bools
    length: int = 0
    width: int = 0
    events: Callable[[Array], Array] | None = None

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """What is too old is not of the visit; what the catalogue does not have leaves its place empty."""
        places, offsets = last_events(requests, max(RECENT, self.length), self.counted)
        rows, ages = (requests.ragged(name).values[places] for name in ("event_rows", "event_ages"))
        return {"visit": _visit(rows, ages, offsets), **self._history(Ragged(rows, offsets))}

    def _history(self, items: Ragged) -> Mapping[str, Column]:
        if self.events is None:
            return {}
        rows = items.padded(min(self.length, max(1, items.longest)), fill=-1)
        present = rows >= 0
        there = np.count_nonzero(present)
        if there == present.size:  # as of a request alone
            events = self.events(rows.reshape(-1)).reshape(*rows.shape, self.width)
        else:
            events = np.zeros((*rows.shape, self.width), np.float32)
            if there:
                events[present] = self.events(rows[present])
        return {HISTORY_EVENTS: events, "history_present": present.astype(np.float32)}


def _visit(rows: Array, ages: Array, offsets: Array) -> Array:
    """int64 [B, RECENT], from the rows and ages of all events, the oldest of each user first."""
    if len(offsets) == 2:  # a request alone, as most come
        last = slice(-1, -RECENT - 1, -1)
        visit, latest = np.full((1, RECENT), -1), np.where(ages[last] <= VISIT_S, rows[last], -1)
        visit[0, : len(latest)] = latest
        return visit
    latest = offsets[1:, None] - 1 - np.arange(RECENT)
    visit, there = np.full(latest.shape, -1), latest >= offsets[:-1, None]
    of_visit = latest[there]
    visit[there] = np.where(ages[of_visit] <= VISIT_S, rows[of_visit], -1)
    return visit


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
        items: of N catalogue rows what `common` reads besides.
        shown: what came of showing items.
        tastes: of the items.
        likings: what people may like and come for.
        further: H.
    """

    common: DlrmScorer
    catalogue: Catalogue
    items: Callable[[Array], Mapping[str, Array]]
    shown: ShownFigures
    tastes: ItemTastes
    likings: Likings
    further: int = 0

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """One question to the models for the whole batch."""
        rows, of, items = candidates.item_rows, candidates.request_of(), hydrated_items(candidates)
        shown = self.shown(rows, items.codes)
        told = {"shown": shown, "likeness": likeness(self.catalogue, items, requests.array("visit"), of)}
        answers = self._answers(requests, candidates.with_columns(told))
        common, taste = answers["score"], self.tastes.likings(requests.array("taste"), of, rows, items)
        chance = -np.logaddexp(0, -(common + taste))
        intent = chosen_from(requests.array("intent"), of, self.likings.places(items.codes))
        clicks = np.empty((len(rows), CHANCES + shown.shape[1] + intent.shape[1]), np.float32)
        clicks[:, 0], clicks[:, COMMON], clicks[:, TASTE] = chance, common, taste
        clicks[:, CHANCES : CHANCES + shown.shape[1]] = shown
        clicks[:, CHANCES + shown.shape[1] :] = intent
        return {CLICKS: clicks, AFTER: answers[AFTER]} if self.further else {CLICKS: clicks}

    def _answers(self, requests: Requests, told: Candidates) -> Mapping[str, Array]:
        if not len(told):
            return {"score": np.empty(0, np.float32), AFTER: np.empty((0, self.further), np.float32)}
        return self.common.answers(requests, told.with_columns(self.items(told.item_rows)))

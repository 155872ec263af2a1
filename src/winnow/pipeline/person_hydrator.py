"""What a person likes and comes for: what training knew of it, and what the person has chosen in this visit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.item_tastes import ItemTastes
from winnow.features.likeness import VISIT_S
from winnow.features.likings import Likings
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import last_events, remembered
from winnow.schema.column import Array, Bools, Column
from winnow.stores.user_vectors import UserVectors

PERSON = "person"
MOST_CHOICES = 50
"""Last events that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHydrator:
    """Adds `taste` float32 [B, F], what the user likes, `intent` float32 [B, K], what the user comes for, and `person`.

    The last, float32 [B, L], are the leading ones of the numbers that wishes are made of. All are 0 of whom nothing is
    known. What is chosen in a visit says what it is for, and moves intents and `person`; likings are those that
    training learned. Of users whom training did not know, all that they chose moves them; of those who asked to be
    forgotten, nothing older.

    Attributes:
        users: vectors [U, R], the likings of those whom training knew.
        likings: what they make of tastes and intents, and what choices say of them.
        tastes: of the items.
        catalogue: of the items.
        counted: bool [number of event types], which types are choices.
    """

    users: UserVectors
    likings: Likings
    tastes: ItemTastes
    catalogue: Catalogue
    counted: Bools

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """By training and by what was chosen since."""
        usual = now = self.users.read(remembered(requests))
        rows, of = self._chosen(requests, (usual != 0).any(axis=1))
        if len(rows):
            now = self.likings.after(usual, self.tastes(rows), self.catalogue.codes.take(rows, axis=0), of)
        return {
            "taste": self.likings.tastes(usual),
            "intent": self.likings.intents(now),
            PERSON: self.likings.lead(now),
        }

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """Nobody likes anything more, or comes for something else."""
        tastes, kinds = self.likings.items.shape[1], self.likings.kinds.shape[1]
        widths = {"taste": tastes, "intent": kinds, PERSON: self.likings.leading}
        return {name: np.zeros((len(requests), width), np.float32) for name, width in widths.items()}

    def _chosen(self, requests: Requests, known: Bools) -> tuple[Array, Array]:
        """Catalogue rows int64 [N] of what was chosen, each once a person, and int64 [N] of whom."""
        places, offsets = last_events(requests, MOST_CHOICES, self.counted)
        rows, ages = (requests.ragged(name).values[places] for name in ("event_rows", "event_ages"))
        if len(requests) == 1:  # as most come
            counts = (rows >= 0) & (ages <= VISIT_S) if known[0] else rows >= 0
            once = np.array(sorted(set(rows[counts].tolist())), np.int64)
            return once, np.zeros(len(once), np.int64)
        of = np.repeat(np.arange(len(requests)), np.diff(offsets))
        counts = (rows >= 0) & (~known[of] | (ages <= VISIT_S))
        of, rows = np.divmod(np.unique((of * len(self.catalogue) + rows)[counts]), len(self.catalogue))
        return rows, of

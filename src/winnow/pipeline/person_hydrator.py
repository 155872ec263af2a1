"""What a person likes and comes for: what training knew of it, and what the person has chosen in this visit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.feature_arrays import items_at
from winnow.features.likeness import VISIT_S
from winnow.features.likings import Likings
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import last_events, remembered
from winnow.schema.column import Array, Bools, Column
from winnow.stores.user_vectors import UserVectors

MOST_CHOICES = 50
"""Last events that are read."""
ANOTHER_VISIT = 5.0
"""Choices that all before a visit count for at most within it: people come for something else another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHydrator:
    """Adds `taste` float32 [B, F], what the user likes, and `intent` float32 [B, K], what the user comes for.

    Both are 0 of whom nothing is known; of those who asked to be forgotten nothing is known that is older. Of users of
    whom training knew no choice, all that they chose is read, and of others that of this visit.

    Attributes:
        users: vectors [U, R + 1], what training knew of their likings, and of how many choices.
        likings: what they make of tastes and intents, and what choices say of them.
        space: what of items is liked.
        catalogue: of what was chosen.
        counted: bool [number of event types], which types are choices.
    """

    users: UserVectors
    likings: Likings
    space: TasteSpace
    catalogue: Catalogue
    counted: Bools

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As training had them, moved by what was chosen since."""
        known = self.users.read(remembered(requests))
        likings, number = known[:, :-1], known[:, -1]
        rows, of, ages = self._chosen(requests, number)
        if len(rows):
            items = items_at(self.catalogue, rows)
            liked, codes, now = self.space(items), items.codes, ages <= VISIT_S
            likings, number = self.likings.after(likings, number, liked[~now], codes[~now], of[~now])
            known = np.minimum(number, ANOTHER_VISIT)
            likings, _ = self.likings.after(likings, known, liked[now], codes[now], of[now])
        return {"taste": self.likings.tastes(likings), "intent": self.likings.intents(likings)}

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """Nobody likes anything more, or comes for something else."""
        widths = {"taste": self.likings.items.shape[1], "intent": self.likings.kinds.shape[1]}
        return {name: np.zeros((len(requests), width), np.float32) for name, width in widths.items()}

    def _chosen(self, requests: Requests, known: Array) -> tuple[Array, Array, Array]:
        """Of N choices that training did not know, catalogue rows int64, of whom int64, and how many seconds ago.

        What somebody chose more than once counts as often as it was chosen last.
        """
        places, offsets = last_events(requests, MOST_CHOICES, self.counted)
        rows, ages = (requests.ragged(name).values[places] for name in ("event_rows", "event_ages"))
        of = np.repeat(np.arange(len(requests)), np.diff(offsets))
        new = (rows >= 0) & ((known[of] == 0) | (ages <= VISIT_S))
        rows, of, ages = rows[new], of[new], ages[new]
        # The last time that somebody chose a thing is the time that counts.
        _, last = np.unique((of * len(self.catalogue) + rows)[::-1], return_index=True)
        last = len(rows) - 1 - last
        return rows[last], of[last], ages[last]

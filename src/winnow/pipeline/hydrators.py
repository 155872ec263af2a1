"""What is known of a candidate: its features, and how it meets the user's history."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Bools, Column, Ragged

MATCH_WIDTH = 3
HAD = MATCH_WIDTH - 1
"""Column of `match` that tells the items that the user had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHydrator:
    """Adds `item_codes`, `item_values`, `item_tower` and `item_vector_<name>`, gathered from the catalogue."""

    catalogue: Catalogue

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """One gather an array."""
        rows = candidates.item_rows
        vectors = {f"item_vector_{name}": vectors[rows] for name, vectors in self.catalogue.vectors.items()}
        return {
            "item_codes": self.catalogue.codes[rows],
            "item_values": self.catalogue.values[rows],
            "item_tower": self.catalogue.tower[rows],
            **vectors,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchHydrator:
    """Adds `match` float32 [N, 3]: how a candidate meets what its user did.

    ln(1 + times the item stands in the history), 1 / its latest place from the history's end, and 1 if it is among the
    items that the user had. Each is 0 otherwise.
    """

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """Compares every candidate with every item of its user."""
        history = requests.ragged("history")
        same = _same(candidates, history)
        times = np.count_nonzero(same, axis=1)
        latest = same.shape[1] - 1 - np.argmax(same[:, ::-1], axis=1)
        from_end = np.maximum(history.lengths[candidates.request_of()] - latest, 1)
        match = np.empty((len(candidates), MATCH_WIDTH), np.float32)
        match[:, 0] = np.log1p(times)
        match[:, 1] = (times > 0) / from_end
        match[:, HAD] = _same(candidates, requests.ragged("had")).any(axis=1)
        return {"match": match}


def _same(candidates: Candidates, items: Ragged) -> Bools:
    """bool [N, W], which of at most W items of the request each candidate is; W is 1 at least."""
    rows, _ = items.padded(max(1, int(items.lengths.max(initial=0))), fill=-1)
    return rows[candidates.request_of()] == candidates.item_rows[:, None]

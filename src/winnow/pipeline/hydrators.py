"""What is known of a candidate: its features, and how it meets the user's history."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Column

MATCH_WIDTH = 2


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
    """Adds `match` float32 [N, 2]: ln(1 + times the item stands in the history), and 1 / its latest place from the end.

    Both are 0 for an item that the history does not hold.
    """

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """Compares every candidate with every item of its user's history."""
        history = requests.ragged("history")
        width = max(1, int(history.lengths.max(initial=0)))
        rows, _ = history.padded(width, fill=-1)
        since = (history.lengths[:, None] - np.arange(width)).astype(np.float32)
        request_of = candidates.request_of()
        same = rows[request_of] == candidates.item_rows[:, None]
        match = np.empty((len(candidates), MATCH_WIDTH), np.float32)
        match[:, 0] = np.log1p(same.sum(axis=1))
        match[:, 1] = np.max(same / np.maximum(since, 1)[request_of], axis=1, initial=0.0)
        return {"match": match}

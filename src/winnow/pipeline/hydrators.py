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
        request_of = candidates.request_of()
        same = rows[request_of] == candidates.item_rows[:, None]
        times = np.count_nonzero(same, axis=1)
        latest = width - 1 - np.argmax(same[:, ::-1], axis=1)
        from_end = np.maximum(history.lengths[request_of] - latest, 1)
        match = np.empty((len(candidates), MATCH_WIDTH), np.float32)
        match[:, 0] = np.log1p(times)
        match[:, 1] = (times > 0) / from_end
        return {"match": match}

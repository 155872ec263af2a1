"""What is known of a candidate: its features, and how it meets the user's history."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.feature_arrays import FeatureArrays
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.members import members
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Column

VECTOR = "item_vector_"
"""Begins the names of columns that hold content vectors."""
MATCH_WIDTH = 3
HAD = MATCH_WIDTH - 1
"""Column of `match` that tells the items that the user had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHydrator:
    """Adds arrays [N, ...] that the catalogue has of candidates, gathered from it.

    Attributes:
        arrays: [I, ...] by name of the column.
    """

    arrays: Mapping[str, Array]

    @staticmethod
    def of(catalogue: Catalogue, read: Container[str] | None = None) -> "ItemHydrator":
        """For `item_codes`, `item_values`, `item_tower` and `item_vector_<name>`, or those of them that are read."""
        vectors = {f"{VECTOR}{name}": each for name, each in catalogue.vectors.items()}
        own = {"item_codes": catalogue.codes, "item_values": catalogue.values, "item_tower": catalogue.tower}
        arrays = {**own, **vectors}
        return ItemHydrator(arrays={name: each for name, each in arrays.items() if read is None or name in read})

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """One gather an array."""
        rows = candidates.item_rows
        return {name: each.take(rows, axis=0) for name, each in self.arrays.items()}


def hydrated_items(candidates: Candidates) -> FeatureArrays:
    """Features of N candidates, as `ItemHydrator` added them."""
    vectors = {
        name.removeprefix(VECTOR): candidates.array(name) for name in candidates.columns if name.startswith(VECTOR)
    }
    return FeatureArrays(codes=candidates.array("item_codes"), values=candidates.array("item_values"), vectors=vectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchHydrator:
    """Adds `match` float32 [N, 3]: how a candidate meets what its user did.

    ln(1 + times the item stands in the history), 1 / its latest place from the history's end, and 1 if it is among the
    items that the user had. Each is 0 otherwise.

    Attributes:
        num_items: of the catalogue.
    """

    num_items: int

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """Looks every candidate up among the items of its user."""
        history = requests.ragged("history")
        wanted, known = candidates.keys(self.num_items), history.keys(self.num_items)
        match = np.zeros((len(candidates), MATCH_WIDTH), np.float32)
        there = members(wanted, known).nonzero()[0]  # few of many
        if len(there):
            order = known.argsort(kind="stable")
            ordered, found = known[order], wanted[there]
            start, end = ordered.searchsorted(found), ordered.searchsorted(found, side="right")
            # Of equal ones the last is the latest.
            latest = order[end - 1]
            ends = history.offsets[1:][candidates.request_of()[there]]
            match[there, 0] = np.log1p(end - start)
            match[there, 1] = 1 / (ends - latest)
        match[:, HAD] = members(wanted, requests.ragged("had").keys(self.num_items))
        return {"match": match}

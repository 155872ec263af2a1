"""What is popular among the likes of what the user had last."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.sources.best_sums import best_sums
from winnow.schema.column import Array, Ragged, offsets_of
from winnow.schema.transform import FIRST_CODE
from winnow.stores.neighbours import Neighbours

LAST = 10
"""Items of the user, latest first, whose categories count."""
BEST = 20
"""Items that are listed of each category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySource:
    """Items that are popular in the categories of the request's last `had` items.

    An item gets, for every such item and every category that both are in, its share of the popularity of the
    category's most popular item.

    Attributes:
        keys: int64 [I, C], the C categories of each item, numbered across all features; -1 where it has none.
        best: of each category, its BEST items with their shares in 0..1.
        num_items: I.
    """

    keys: Array
    best: Neighbours
    num_items: int

    @staticmethod
    def of(codes: Array, weights: Array, rows: Array) -> "CategorySource":
        """Lists the best of each category.

        Args:
            codes: int32 [I, C], the items' codes in C features.
            weights: float32 [I], popularity, not below 0.
            rows: rising rows of the items that may be listed.
        """
        sizes = codes.max(axis=0, initial=0).astype(np.int64) + 1
        starts = np.cumsum(sizes) - sizes
        keys = np.where(codes >= FIRST_CODE, codes + starts, -1)
        listed = rows[weights[rows] > 0]
        listed = listed[np.argsort(-weights[listed], kind="stable")]
        owners, items = keys[listed].ravel(), np.repeat(listed, codes.shape[1])
        owners, items = owners[owners >= 0], items[owners >= 0]
        # Numbers of 16 bits, where categories are so few, are sorted in linear time.
        order = np.argsort(owners.astype(np.min_scalar_type(int(sizes.sum()))), kind="stable")
        owners, items = owners[order], items[order]
        first = np.searchsorted(owners, owners)
        kept = np.arange(len(owners)) - first < BEST
        shares = (weights[items] / weights[items[first]])[kept]
        offsets = np.searchsorted(owners[kept], np.arange(int(sizes.sum()) + 1))
        best = Neighbours(items=items[kept].astype(np.int32), weights=shares.astype(np.float32), offsets=offsets)
        return CategorySource(keys=keys, best=best, num_items=len(codes))

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """At most `k` items a request, none without items in a category; `score` is the sum of shares."""
        had = requests.ragged("had").first(LAST)
        keys = self.keys[had.values]
        known = keys >= 0
        items, weights, ends = self.best.of(keys[known])
        if len(requests) == 1:  # as most come, who owns all of them
            return best_sums(Ragged(items, ends[[0, -1]]), weights, self.num_items, k)
        owned = offsets_of(known.sum(axis=1))[had.offsets]
        return best_sums(Ragged(items, ends[owned]), weights, self.num_items, k)

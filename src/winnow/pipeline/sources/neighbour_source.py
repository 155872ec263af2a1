"""People who had this had that: the neighbours of what the user had last."""

from dataclasses import dataclass

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.sources.best_sums import best_sums
from winnow.schema.column import Ragged
from winnow.stores.neighbours import Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourSource:
    """Items whose weights as neighbours of the request's `had` items add up to the most.

    An item that joined later is nobody's neighbour and has none.

    Attributes:
        neighbours: of every item.
        last: how many of the items, latest first, are asked for their neighbours.

    Source:
        Sarwar et al., Item-based collaborative filtering recommendation algorithms, 2001.
    """

    neighbours: Neighbours
    last: int

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """At most `k` items a request, none without a neighbour; `score` is the sum, above 0."""
        had = requests.ragged("had").first(self.last)
        items, weights, ends = self.neighbours.of(had.values)
        return best_sums(Ragged(items, ends[had.offsets]), weights, self.neighbours.num_items, k)

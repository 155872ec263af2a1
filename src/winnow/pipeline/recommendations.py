"""What the pipeline answers."""

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.trace import Trace
from winnow.schema.column import Array, Bools, one_row
from winnow.schema.record import record


@record()
class Recommendations:
    """Ranked items of B requests.

    Attributes:
        request_ids: B names, as asked.
        item_rows: int64 [M], catalogue rows, request by request, best first.
        offsets: int64 [B + 1]; items of request `b` are `offsets[b]:offsets[b + 1]`.
        scores: float32 [M].
        propensities: float32 [M], probability of each pick given the earlier ones.
        seen: bool [M], true for items that returned only because nothing else was allowed.
        trace: how it came to this.
        requests: with all that was looked up for them.
        chosen: the same M items with all that was looked up for them; what a scorer read of a request and of what was
            chosen for it stands there as it was read.
    """

    request_ids: tuple[str, ...]
    item_rows: Array
    offsets: Array
    scores: Array
    propensities: Array
    seen: Bools
    trace: Trace
    requests: Requests
    chosen: Candidates

    def alone(self, request: int) -> "Recommendations":
        """The answer to one of the requests; the trace stays that of all of them."""
        rows: Array = np.arange(int(self.offsets[request]), int(self.offsets[request + 1]))
        offsets = one_row(len(rows))
        return Recommendations(
            request_ids=self.request_ids[request : request + 1],
            item_rows=self.item_rows[rows],
            offsets=offsets,
            scores=self.scores[rows],
            propensities=self.propensities[rows],
            seen=self.seen[rows],
            trace=self.trace,
            requests=self.requests.take(np.array([request])),
            chosen=self.chosen.take(rows, offsets),
        )

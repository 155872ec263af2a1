"""What the pipeline makes of items that it is given."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.trace import Trace
from winnow.schema.column import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """N items of B requests, as given.

    Attributes:
        items: with `score` float32 [N], and all that the ranker read.
        proposed_by: by name of each source, bool [N], whether it proposes the item, also where only because it was
            asked for more.
        removed_by: by name of each filter, bool [N], whether it keeps the item out of an answer.
        requests: with all that was looked up for them.
        trace: of the candidates beside which they were judged.
    """

    items: Candidates
    proposed_by: Mapping[str, Bools]
    removed_by: Mapping[str, Bools]
    requests: Requests
    trace: Trace

"""What selectors share: the order by worth, the first k of it, and one request taken out of a batch."""

from collections.abc import Sequence

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection
from winnow.schema.column import Array, Ints, offsets_of, one_row

READ = ("score", "seen", "relevance")
"""All columns of candidates that selectors read; the last only where there is one."""


def ranked(candidates: Candidates, keys: Array) -> Array:
    """int64 [N], all candidates by (request, seen, -key, item row), NaN last among the keys."""
    rows, seen = candidates.item_rows, candidates.array("seen")
    if len(candidates.offsets) > 2:
        return np.lexsort((rows, -keys, seen, candidates.request_of()))
    return np.lexsort((rows, -keys, seen) if seen.any() else (rows, -keys))


def first(requests: Requests, candidates: Candidates, order: Array, propensities: Array) -> Selection:
    """The first k of each request; `propensities` [N] are in that order."""
    if len(requests) == 1:
        most = min(len(order), int(requests.k[0]))
        return Selection(rows=order[:most], offsets=one_row(most), propensities=propensities[:most])
    counts: Ints = np.minimum(candidates.counts, requests.k)
    request_of = candidates.request_of()
    chosen = np.arange(len(order)) - candidates.offsets[request_of] < counts[request_of]
    return Selection(rows=order[chosen], offsets=offsets_of(counts), propensities=propensities[chosen])


def alone(requests: Requests, candidates: Candidates, request: int) -> tuple[Requests, Candidates]:
    """One request and its candidates, with what selectors read and nothing else, so that asking again is cheap."""
    own = slice(int(candidates.offsets[request]), int(candidates.offsets[request + 1]))
    asked = Requests(
        request_ids=requests.request_ids[request : request + 1],
        user_ids=requests.user_ids[request : request + 1],
        at=requests.at[request : request + 1],
        k=requests.k[request : request + 1],
        exclude=requests.exclude.take(np.array([request])),
        seeds=requests.seeds[request : request + 1],
        shown=None if requests.shown is None else requests.shown.take(np.array([request])),
        diversity=None if requests.diversity is None else requests.diversity[request : request + 1],
        explore=None if requests.explore is None else requests.explore[request : request + 1],
    )
    columns = {name: candidates.array(name)[own] for name in READ if name in candidates.columns}
    items = candidates.item_rows[own]
    return asked, Candidates(item_rows=items, offsets=one_row(len(items)), columns=columns)


def joined(parts: Sequence[Selection], starts: Array) -> Selection:
    """One selection of the selections of single requests, whose candidates begin at `starts` int64 [B]."""
    rows = [part.rows + start for part, start in zip(parts, starts.tolist(), strict=True)]
    return Selection(
        rows=np.concatenate([np.empty(0, np.int64), *rows]),
        offsets=offsets_of(np.array([len(each) for each in rows], np.int64)),
        propensities=np.concatenate([np.empty(0, np.float32), *(part.propensities for part in parts)]),
        rules=np.concatenate([np.empty(0, np.int8), *(part.all_rules for part in parts)]),
    )

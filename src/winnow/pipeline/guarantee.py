"""k items whenever k are allowed: popularity adds what the sources and filters left out."""

from collections.abc import Callable, Sequence

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.stage import Stage
from winnow.pipeline.together import together
from winnow.schema.column import Array, Bools, offsets_of

Apply = Callable[[Stage, Requests, Candidates], Candidates]
"""Runs a stage with the pipeline's care for faults."""


def allowed_everywhere(
    requests: Requests, everything: Candidates, filters: Sequence[Stage], apply: Apply
) -> tuple[Candidates, Bools]:
    """What the hard filters leave of `everything`, in its order, and which of that the soft filters would keep."""
    for stage in filters:
        if not stage.soft:
            everything = apply(stage, requests, everything)
    position = np.arange(len(everything))
    kept = everything.with_columns({"position": position})
    for stage in filters:
        if stage.soft:
            kept = apply(stage, requests, kept)
    return everything, np.isin(position, kept.array("position"), assume_unique=True)


def fill(requests: Requests, candidates: Candidates, everything: Candidates, unseen: Bools) -> Candidates:
    """The candidates with what is missing to k: unseen items first, then seen ones, each in the given order.

    Args:
        requests: B requests.
        candidates: survivors of all filters; their columns are numbers; `seen` is made anew.
        everything: all items that the hard filters allow, best first, for the same requests.
        unseen: which of `everything` the soft filters would keep.

    Returns:
        candidates with the column `seen` bool [N]; the other columns are NaN for what was added, or 0 where they
        hold whole numbers.
    """
    added: list[Array] = []
    seen: list[Array] = [np.empty(0, bool)]
    for request in range(len(requests)):
        own = candidates.item_rows[candidates.offsets[request] : candidates.offsets[request + 1]]
        span = slice(int(everything.offsets[request]), int(everything.offsets[request + 1]))
        items, fresh = everything.item_rows[span], unseen[span]
        new = ~np.isin(items, own)
        first = items[new & fresh]
        wanted = max(0, int(requests.k[request]) - len(own))
        added.append(np.concatenate([first, items[new & ~fresh]])[:wanted])
        seen.append(np.arange(len(added[-1])) >= len(first))
    more = Candidates(
        item_rows=np.concatenate([np.empty(0, np.int64), *added]),
        offsets=offsets_of(np.array([len(items) for items in added], np.int64)),
        columns={"seen": np.concatenate(seen)},
    )
    return together(candidates.with_columns({"seen": np.zeros(len(candidates), bool)}), more)


def replaced(candidates: Candidates, requests: Array, others: Candidates) -> Candidates:
    """The candidates of all requests, where those of the given requests (rising positions) are `others` instead."""
    rest = candidates.keep(~np.isin(candidates.request_of(), requests))
    counts = np.zeros(len(candidates.counts), np.int64)
    counts[requests] = others.counts
    return together(rest, Candidates(item_rows=others.item_rows, offsets=offsets_of(counts), columns=others.columns))

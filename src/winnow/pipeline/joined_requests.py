"""Requests that came one by one become a batch."""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column, Masked, Ragged, offsets_of, plain


def joined_requests(parts: Sequence[Requests]) -> Requests:
    """All requests of the parts, in their order.

    Args:
        parts: one or more, as asked, without columns; no context column is ragged; one that a part lacks is missing.
    """
    return Requests(
        request_ids=tuple(chain.from_iterable(each.request_ids for each in parts)),
        user_ids=tuple(chain.from_iterable(each.user_ids for each in parts)),
        at=np.concatenate([each.at for each in parts]),
        k=np.concatenate([each.k for each in parts]),
        exclude=_lists([each.exclude for each in parts]),
        seeds=np.concatenate([each.seeds for each in parts]),
        filters=_filters(parts),
        shown=None if all(each.shown is None for each in parts) else _lists([_shown(each) for each in parts]),
        diversity=_asked(parts, lambda each: each.diversity),
        explore=_asked(parts, lambda each: each.explore),
        context={name: _column(name, parts) for name in dict.fromkeys(chain.from_iterable(p.context for p in parts))},
    )


def _lists(lists: Sequence[Ragged]) -> Ragged:
    lengths = np.concatenate([each.lengths for each in lists])
    return Ragged(np.concatenate([each.values for each in lists]), offsets_of(lengths))


def _shown(requests: Requests) -> Ragged:
    nothing = Ragged(np.empty(0, np.int64), np.zeros(len(requests) + 1, np.int64))
    return nothing if requests.shown is None else requests.shown


def _column(name: str, parts: Sequence[Requests]) -> Column:
    told = [_masked(each.context[name]) for each in parts if name in each.context]
    columns = [
        _masked(each.context[name])
        if name in each.context
        else Masked(np.zeros(len(each), told[0].values.dtype), np.zeros(len(each), bool))
        for each in parts
    ]
    values, present = np.concatenate([e.values for e in columns]), np.concatenate([e.present for e in columns])
    return values if present.all() else Masked(values, present)


def _masked(column: Column) -> Masked:
    return column if isinstance(column, Masked) else Masked(plain(column), np.ones(len(column), bool))


def _filters(parts: Sequence[Requests]) -> tuple[Bools | None, ...]:
    if not any(each.filters for each in parts):
        return ()
    return tuple(chain.from_iterable(each.filters or (None,) * len(each) for each in parts))


def _asked(parts: Sequence[Requests], of: Callable[[Requests], Array | None]) -> Array | None:
    asked = [of(each) for each in parts]
    if all(each is None for each in asked):
        return None
    nothing = [np.full(len(each), np.nan) for each in parts]
    return np.concatenate([own if own is not None else none for own, none in zip(asked, nothing, strict=True)])

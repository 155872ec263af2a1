"""Where items stand among candidates."""

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.schema.column import Array


def places_of(wanted: Candidates, among: Candidates, num_items: int) -> Array:
    """int64 [N], the position of each wanted item among the candidates of its request; -1 where it is not among them.

    Args:
        wanted: N items of B requests.
        among: candidates of the same requests, no item twice for one of them.
        num_items: catalogue size.
    """
    known, keys = _keys(among, num_items), _keys(wanted, num_items)
    if not len(known):
        return np.full(len(keys), -1)
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known, keys, sorter=order), len(order) - 1)]
    return np.where(known[place] == keys, place, -1)


def _keys(candidates: Candidates, num_items: int) -> Array:
    return candidates.request_of() * num_items + candidates.item_rows

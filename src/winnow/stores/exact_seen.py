"""Seen items without error, from a store that remembers everything."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.stores.histories import Histories


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactSeen:
    """A seen store that is always right: an item was seen if an event that counts says so.

    Attributes:
        histories: where the events are.
        counted: bool [number of event types], which types count as having seen, as `counted_types` makes it.
    """

    histories: Histories
    counted: Bools

    def seen(self, user_ids: Sequence[str], item_hashes: Array, offsets: Array, before: Array) -> Bools:
        seen = np.zeros(len(item_hashes), np.bool_)
        bounds = offsets.tolist()
        for row, (user_id, instant) in enumerate(zip(user_ids, before.tolist(), strict=True)):
            known = self.histories.items_of(user_id, self.counted, instant)
            if len(known):
                candidates = slice(bounds[row], bounds[row + 1])
                seen[candidates] = _members(item_hashes[candidates], known)
        return seen


def _members(wanted: Array, known: Array) -> Bools:
    """Where `wanted` is in `known` (at least one); np.isin, without its overhead on short arrays."""
    ordered = np.sort(known)
    return ordered.take(ordered.searchsorted(wanted), mode="clip") == wanted

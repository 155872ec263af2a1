"""What every store of seen items promises."""

from collections.abc import Sequence
from typing import Protocol

from winnow.schema.column import Array, Bools


class SeenStore(Protocol):
    """Which items a user has had. May call an unseen item seen, never the reverse. Raises Unavailable."""

    def seen(self, user_ids: Sequence[str], item_hashes: Array, offsets: Array, before: Array) -> Bools:
        """Whether each candidate was seen by its user strictly before `before`.

        Args:
            user_ids: B outside names; "" is nobody, who has seen nothing.
            item_hashes: uint64 [N] of all candidates.
            offsets: int64 [B + 1]; candidates of user `b` are `offsets[b]:offsets[b + 1]`.
            before: float64 [B] UTC seconds.

        Returns:
            bool [N].
        """
        ...

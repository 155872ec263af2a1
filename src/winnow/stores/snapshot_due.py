"""When it is time for a snapshot."""

import math
from dataclasses import dataclass

from winnow.stores.state_operation import StateOperation, UserForgotten

LEAST_BYTES = 64 << 20
"""Of a journal, after which a snapshot is worth its while: a start reads them in some seconds."""
MOST_S = 86_400.0
"""After which what came is in a snapshot, however little it is."""
FORGET_S = 1_800.0
"""After which what a user did who asked to be forgotten goes from the disk."""


@dataclass(slots=True, kw_only=True)
class SnapshotDue:
    """What came since the last snapshot.

    Attributes:
        first_at: when the first of it came, UTC seconds.
        forgot_at: when the first user asked to be forgotten, UTC seconds.
    """

    first_at: float = math.inf
    forgot_at: float = math.inf

    def note(self, operation: StateOperation) -> None:
        """Something came."""
        self.first_at = min(self.first_at, operation.at)
        if isinstance(operation, UserForgotten):
            self.forgot_at = min(self.forgot_at, operation.at)

    def take_in(self, other: "SnapshotDue") -> None:
        """Something came earlier, too."""
        self.first_at = min(self.first_at, other.first_at)
        self.forgot_at = min(self.forgot_at, other.forgot_at)

    def is_due(self, now: float, journal_bytes: int, snapshot_bytes: int) -> bool:
        """Whether it is time.

        Args:
            now: UTC seconds.
            journal_bytes: that a start would replay.
            snapshot_bytes: of the last one; no more than that is written for what came.
        """
        is_long = journal_bytes >= max(LEAST_BYTES, snapshot_bytes)
        return is_long or now - self.first_at >= MOST_S or now - self.forgot_at >= FORGET_S

"""Where the writer of the log gets what visitors did."""

from collections.abc import Sequence
from typing import Protocol

from winnow.stores.log_entry import LogEntry


class EventSource(Protocol):
    """Gives every entry at least once, those of a stream in rising order but for what comes again.

    What is not settled comes again: in the next process, and after any fault.
    """

    def read(self) -> Sequence[LogEntry]:
        """What came since the last call; nothing if nothing did.

        Raises:
            Unavailable: it does not answer now; nothing is lost.
            DataError: what is there is damaged.
        """
        ...

    def settle(self, entries: Sequence[LogEntry]) -> None:
        """All that was read so far is safely elsewhere, and need not come again; `entries` are all of it.

        Raises:
            Unavailable: not done, or not wholly; some of it comes again.
        """
        ...

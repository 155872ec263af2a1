"""What the readers of a journal have safely elsewhere, as they say it in its folder."""

import logging
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

PREFIX = "events-settled."


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledMarks:
    """One small file for each event log into which a journal is written.

    A mark that is lost, or cannot be written, says less than is true, so that more is kept than need be.

    Attributes:
        journal: folder of the journal.
    """

    journal: Path

    def keep(self, reader: str, segment: int) -> None:
        """A reader needs no segment before this one. Where that cannot be written, a warning says so."""
        path = self.journal / f"{PREFIX}{reader}"
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            temporary.write_bytes(b"%d" % segment)
            temporary.replace(path)
        except OSError as error:
            logger.warning(
                "%s cannot be written: %s. The journal keeps its segments for 30 days, then.", path, error.strerror
            )

    def first_needed(self) -> int:
        """The first segment that some reader may need; 0, that is any, where there is no reader or one says nothing."""
        return min(map(_segment_in, self.journal.glob(f"{PREFIX}*")), default=0)


def _segment_in(path: Path) -> int:
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):
        return 0

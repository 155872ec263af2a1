"""What a service was told, for the next data set."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecords:
    """Where it stands.

    Attributes:
        changes: state folder, whose items are added, replaced and withdrawn; None for none.
        events: folder of the event log, whose events are added; None for none.
    """

    changes: Path | None = None
    events: Path | None = None

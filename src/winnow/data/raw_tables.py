"""Tables as files brought them."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from winnow.data.report import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTables:
    """Tables with raw column names and types, before any check.

    Attributes:
        users: None where a shop knows nothing about its users.
        items, events: always there; they may turn out to be empty or wrong.
        impressions: None where a shop has logged none.
        media: folder of the pictures; None where items have none.
        coming: ids of items that the caller adds when all is checked, so that events may name them.
        findings: what the reader of the files found already.
    """

    users: pa.Table | None
    items: pa.Table
    events: pa.Table
    impressions: pa.Table | None = None
    media: Path | None = None
    coming: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

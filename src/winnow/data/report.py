"""What was read, what was kept, and everything that was found on the way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

Action = Literal["dropped", "kept", "repaired", "read as missing", "added", "replaced", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One kind of problem in one table.

    Attributes:
        table: "users", "items" or "events".
        problem: what is wrong, in words that follow a count, such as "rows have no item_id".
        count: rows that have the problem, at least 1.
        example: the first such row, as text, with its file and line where they are known; of a change over HTTP the
            item's id.
        action: what was done with those rows.
    """

    table: str
    problem: str
    count: int
    example: str
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReport:
    """The account of one import; nothing is dropped without a line here.

    Attributes:
        rows_read, rows_kept: rows by table.
        findings: in the order of the checks.
        unused: columns by table that the schema does not mention.
    """

    rows_read: Mapping[str, int]
    rows_kept: Mapping[str, int]
    findings: tuple[Finding, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "rows_read": dict(self.rows_read),
            "rows_kept": dict(self.rows_kept),
            "findings": [asdict(finding) for finding in self.findings],
            "unused": {table: list(columns) for table, columns in self.unused.items()},
        }

    def lines(self) -> tuple[str, ...]:
        """The report for people, one line per fact."""
        counts = (f"{table}: {self.rows_kept[table]:,} of {read:,} rows kept" for table, read in self.rows_read.items())
        found = (
            f"{finding.table}: {finding.count:,} {finding.problem}: {finding.action} (first: {finding.example})"
            for finding in self.findings
        )
        unused = (f"{table}: columns not in the schema: {', '.join(columns)}" for table, columns in self.unused.items())
        return (*counts, *found, *unused)

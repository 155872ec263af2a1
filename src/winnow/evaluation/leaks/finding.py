"""What one check looked at, and what it found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["none", "warning", "leak"]
Evidence = tuple[Mapping[str, str | int | float | None], ...]
MOST_ROWS = 5
"""Rows of evidence that a finding shows."""
LONGEST = 80
"""Characters of a value that people are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check that was made, with its verdict; what is in order is told as well.

    Attributes:
        check: its name, such as "time overlap".
        severity: "leak" where figures would be flattered, "warning" where they say less than they seem to, else "none".
        sentence: what was looked at and what was found, with counts.
        evidence: the first rows that show it, at most MOST_ROWS; plain values by column.
    """

    check: str
    severity: Severity
    sentence: str
    evidence: Evidence = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**asdict(self), "evidence": [dict(row) for row in self.evidence]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Finding":
        """The inverse of `to_dict`."""
        return cls(**{**values, "evidence": tuple(values["evidence"])})

    def lines(self) -> tuple[str, ...]:
        """The sentence and its evidence for people, as items of a Markdown list."""
        verdict = "ok" if self.severity == "none" else self.severity
        rows = (", ".join(f"{name}={_short(value)}" for name, value in row.items()) for row in self.evidence)
        return (f"- **{verdict}** {self.check}: {self.sentence}", *(f"  - {row}" for row in rows))


def _short(value: str | int | float | None) -> str:
    """On one line, for a shop's texts may be pages long."""
    return " ".join(str(value).split())[:LONGEST]

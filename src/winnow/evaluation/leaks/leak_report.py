"""Every check that was made, leaks first to stop for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winnow.evaluation.leaks.finding import Finding, Severity
from winnow.schema.errors import LeakError


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakReport:
    """What the leak doctor looked at.

    Attributes:
        findings: one or more of each check, in the order in which they were made.
    """

    findings: tuple[Finding, ...] = ()

    @property
    def leaks(self) -> tuple[Finding, ...]:
        """What flatters figures."""
        return self._of("leak")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What makes figures mean less than they seem to."""
        return self._of("warning")

    @property
    def label(self) -> str:
        """What stands above every table of a report that leaks; "" where nothing does."""
        checks = ", ".join(dict.fromkeys(each.check for each in self.leaks))
        return f"**LEAKING ({checks}): these figures are flattered.**" if checks else ""

    def __add__(self, more: "LeakReport") -> "LeakReport":
        return LeakReport(findings=self.findings + more.findings)

    def refuse(self, remedy: str) -> None:
        """Stops where something leaks.

        Args:
            remedy: a sentence that says how to go on.

        Raises:
            LeakError: names every leak with its evidence.
        """
        if self.leaks:
            told = "\n".join(line for each in self.leaks for line in each.lines())
            raise LeakError(f"What is evaluated would leak into what is learnt:\n{told}\n{remedy}")

    def lines(self) -> tuple[str, ...]:
        """The report for people: the count, then every finding with its evidence."""
        clean = len(self.findings) - len(self.leaks) - len(self.warnings)
        counts = f"leaks: {len(self.leaks)}, warnings: {len(self.warnings)}, in order: {clean}"
        return (counts, "", *(line for each in self.findings for line in each.lines()))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"leaking": bool(self.leaks), "findings": [each.to_dict() for each in self.findings]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "LeakReport":
        """The inverse of `to_dict`."""
        return cls(findings=tuple(Finding.from_dict(each) for each in values["findings"]))

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity == severity)

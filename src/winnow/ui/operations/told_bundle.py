"""What the service says of the bundle that answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from winnow.ui.operations.evaluation import Evaluation

REPORT = "/v1/admin/report"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBundle:
    """A bundle by name, and by its report where the pages may read that.

    Attributes:
        name: its own.
        digest: of its manifest.
        recipe: name of it; empty where not told.
        trained_until: UTC seconds; None where not told.
        items: in its catalogue; 0 where not told.
        evaluation: empty where nobody judged it.
    """

    name: str
    digest: str = ""
    recipe: str = ""
    trained_until: float | None = None
    items: int = 0
    evaluation: Evaluation = field(default_factory=Evaluation)

    @staticmethod
    def of(report: Mapping[str, Any]) -> "ToldBundle":
        """Out of the answer of REPORT."""
        return ToldBundle(
            name=report["bundle"],
            digest=report.get("digest", ""),
            recipe=report.get("recipe") or "",
            trained_until=report.get("trained_until"),
            items=report.get("items") or 0,
            evaluation=Evaluation(content=report.get("evaluation") or {}),
        )

"""What the service says of the bundle that answers."""

from dataclasses import dataclass, field

from winnow.api.report import ReportResponse
from winnow.ui.operations.evaluation import Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBundle:
    """A bundle by name, and by its report where there is one that the pages may read.

    Attributes:
        name: its own.
        digest: of its manifest.
        recipe: name of it; empty where not told.
        trained_until: UTC seconds; None where not told.
        age_s: since it was made; None where not told.
        evaluation: empty where nobody judged it.
    """

    name: str
    digest: str
    recipe: str = ""
    trained_until: float | None = None
    age_s: float | None = None
    evaluation: Evaluation = field(default_factory=Evaluation)

    @staticmethod
    def of(report: ReportResponse) -> "ToldBundle":
        """Out of its report."""
        return ToldBundle(
            name=report["bundle"],
            digest=report["digest"],
            recipe=report["recipe"].get("name", ""),
            trained_until=report["split"].get("train_until"),
            age_s=report["age_s"],
            evaluation=Evaluation(content=report["evaluation"]),
        )

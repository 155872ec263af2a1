"""The evaluation of a bundle, as `winnow evaluate` attached it, in the parts that are drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OURS = "winnow"
K = 10
MASKED = "masked"
OF_TRUTH = {"oracle", "reference"}
"""Know what no model can know: a planted world's own chances. They say how much there is to reach."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was found; an older program's report may lack parts, which are empty then.

    Attributes:
        content: of the attachment.
    """

    content: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """Which reading of the rows is drawn: that in which what a user had is left out, where there is one."""
        told = [row["seen"] for row in self._rows("rows")]
        return MASKED if MASKED in told or not told else told[0]

    def models(self, metric: str, which: str = "all") -> list[Row]:
        """One row of each model: `model`, `value`, `low`, `high`; best first, what knows the truth left out."""
        found = [
            row
            for row in self._rows("rows", metric=metric, k=K, slice=which, seen=self.seen)
            if row["model"] not in OF_TRUTH and row["value"] is not None
        ]
        return sorted(found, key=lambda row: -row["value"])

    def funnel(self) -> list[Row]:
        """Stages that lose or gain candidates, in order: `stage`, `recall`, `candidates`."""
        kept: list[Row] = []
        for row in self._rows("funnel", seen=self.seen):
            if not kept or row["candidates"] != kept[-1]["candidates"] or row["recall"] != kept[-1]["recall"]:
                kept.append(row)
        return kept

    def reliability(self) -> list[tuple[float, float]]:
        """Mean probability and share of clicks of each bin, 0 to 1."""
        rows = self._rows("reliability", model=OURS, slice="all")
        return [(row["mean_probability"], row["share_of_clicks"]) for row in rows]

    def clicks(self) -> Row:
        """How good the chance of a click is: `auc`, `calibration_error`, `impressions`; empty where not judged."""
        return next(self._rows("impressions", model=OURS, slice="all"), {})

    def slices(self) -> list[str]:
        """Kinds of users and items that were judged apart, such as cold."""
        found = (row["slice"] for row in self._rows("users", seen=self.seen) if row["users"])
        return [each for each in dict.fromkeys(found) if each != "all"]

    def leaks(self) -> Sequence[Row]:
        """What let training see the answers; empty where nothing did."""
        told = self.content.get("leaks") or {}
        return [each for each in told.get("findings", ()) if each.get("severity") == "leak"]

    def _rows(self, name: str, **wanted: object) -> Iterator[Row]:
        for row in self.content.get(name) or ():
            if all(row.get(key) == value for key, value in wanted.items()):
                yield row

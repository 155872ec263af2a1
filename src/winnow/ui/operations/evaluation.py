"""The evaluation of a bundle, as `winnow evaluate` attached it, in the parts that are drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OURS = "winnow"
K = 10
MASKED, MERGED, TOP = "masked", "retrieve", "top_"
LEAST = 0.5
"""Candidates that a stage takes out, for it to be drawn."""
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

    def sources(self) -> list[Row]:
        """What each source finds alone: `stage`, `recall`, `candidates`; the best first."""
        rows = list(self._rows("funnel", seen=self.seen))
        return sorted(rows[: _whole(rows)], key=lambda row: -row["recall"])

    def funnel(self) -> list[Row]:
        """Stages that lose or gain candidates, from all of them down: `stage`, `recall`, `candidates`."""
        rows = list(self._rows("funnel", seen=self.seen))
        stages = [row for row in rows[_whole(rows) :] if not row["stage"].startswith(TOP)]
        tops = [row for row in rows if row["stage"].startswith(TOP)]
        kept: list[Row] = []
        for row in stages + sorted(tops, key=lambda row: -row["candidates"]):
            if not kept or abs(row["candidates"] - kept[-1]["candidates"]) >= LEAST:
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


def _whole(rows: Sequence[Row]) -> int:
    return next((place for place, row in enumerate(rows) if row["stage"] == MERGED), 0)

"""How a candidate has done beside the bundle that answers."""

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from winnow.api.bundles import ShadowFigures

Scores = Mapping[Hashable, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowTally:
    """Sums over requests.

    Attributes:
        digest: of the candidate.
        requests, dropped, failed: compared; not asked for want of room; not answered.
        answered, shared: items of all answers, and those of them that the candidate answered too.
        shift: sum over shared items of the candidate's score less that of the answer.
        seconds, candidate_seconds: that the pipelines took.
    """

    digest: str
    requests: int = 0
    dropped: int = 0
    failed: int = 0
    answered: int = 0
    shared: int = 0
    shift: float = 0.0
    seconds: float = 0.0
    candidate_seconds: float = 0.0

    def compared(
        self, answer: Scores, other: Scores, seconds: float, candidate_seconds: float, requests: int = 1
    ) -> "ShadowTally":
        """With some more requests that one run answered.

        Args:
            answer: scores by request and item of what was answered.
            other: of what the candidate answers.
            seconds: that the answer took.
            candidate_seconds: that the candidate took.
            requests: how many they are.
        """
        both = answer.keys() & other.keys()
        return replace(
            self,
            requests=self.requests + requests,
            answered=self.answered + len(answer),
            shared=self.shared + len(both),
            shift=self.shift + sum(other[item] - answer[item] for item in both),
            seconds=self.seconds + seconds,
            candidate_seconds=self.candidate_seconds + candidate_seconds,
        )

    def with_those_of(self, other: "ShadowTally") -> "ShadowTally":
        """With the requests of another worker, if it asked the same candidate."""
        if other.digest != self.digest:
            return self
        added = {name: value + getattr(other, name) for name, value in self.sums().items()}
        return replace(self, **added)

    def sums(self) -> dict[str, Any]:
        """All but the digest."""
        return {name: value for name, value in asdict(self).items() if name != "digest"}

    def figures(self) -> ShadowFigures:
        """For people; None for what nothing is known of."""
        return {
            "requests": self.requests,
            "dropped": self.dropped,
            "failed": self.failed,
            "overlap": _ratio(self.shared, self.answered),
            "score_shift": _ratio(self.shift, self.shared),
            "latency_ratio": _ratio(self.candidate_seconds, self.seconds),
        }


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None

"""One setting of a service, and what it was measured to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacitySetting:
    """What can be chosen.

    Attributes:
        retrieval_share: of the recipe's quotas.
        index: its kind.
        workers: processes that answer.
    """

    retrieval_share: float
    index: str
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRow:
    """What a setting does.

    Attributes:
        setting: what was chosen.
        candidates: ranked for a request, median.
        agreement: mean share of the first 10 items that are also among the first 10 of the recipe's own setting.
        recall: of the index, as measured when it was built.
        idle_p50_ms, idle_p99_ms: of one caller alone.
        per_s: the highest rate held, 0 where none is.
        p50_ms, p99_ms: at that rate; infinite where there is none.
        generator_share: of a core, what making that load took.
    """

    setting: CapacitySetting
    candidates: float
    agreement: float
    recall: float
    idle_p50_ms: float
    idle_p99_ms: float
    per_s: float
    p50_ms: float
    p99_ms: float
    generator_share: float

    def beats(self, other: "CapacityRow") -> bool:
        """Whether it is at least as good in rate, agreement and workers, and better in one of them."""
        ours, theirs = self.goods, other.goods
        return ours != theirs and all(mine >= its for mine, its in zip(ours, theirs, strict=True))

    @property
    def goods(self) -> tuple[float, float, int]:
        """Rate, agreement and how few workers: more is better."""
        return self.per_s, self.agreement, -self.setting.workers


def pareto_front(rows: Sequence[CapacityRow]) -> list[CapacityRow]:
    """The rows that hold some rate and that no other row beats, in their order."""
    return [row for row in rows if row.per_s and not any(other.beats(row) for other in rows)]


def proposed(rows: Iterable[CapacityRow], least_agreement: float) -> CapacityRow | None:
    """The row that holds the most of those that agree enough, of equals that with fewer workers; None without any."""
    fitting = [row for row in rows if row.per_s and row.agreement >= least_agreement]
    return max(fitting, key=lambda row: (row.per_s, -row.setting.workers), default=None)

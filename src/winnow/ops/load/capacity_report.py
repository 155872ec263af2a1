"""What a search for capacity found, for programs and for people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from winnow.ops.load.capacity_plan import CapacityPlan
from winnow.ops.load.capacity_row import CapacityRow, pareto_front, proposed

LEAST_AGREEMENT = 0.9
"""Of what is proposed: faster answers that are other answers are no gain."""
STEADY = 0.8
"""Share of a rate that a setting with less to do holds at least, unless something else disturbs it."""
UNSTEADY = (
    "These rates are not steady: less work held less. Let the machine do nothing else, and measure longer (--seconds)."
)
HEAD = ("", "share", "candidates", "index", "recall", "workers", "agreement", "idle p99", "held/s", "p50", "p99")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReport:
    """All settings that were measured.

    Attributes:
        bundle: its name.
        plan: what was asked.
        rows: one for each setting.
        notes: sentences on what was tried and what was not.
        cores: of the machine, which the service and the load shared.
    """

    bundle: str
    plan: CapacityPlan
    rows: tuple[CapacityRow, ...]
    notes: tuple[str, ...]
    cores: int

    @property
    def is_steady(self) -> bool:
        """Whether less retrieval never held clearly less, which only a machine that is busy otherwise makes of it."""
        pairs = ((whole, less) for whole in self.rows for less in self.rows)
        return not any(_is_the_less(less, whole) and less.per_s < STEADY * whole.per_s for whole, less in pairs)

    @property
    def proposal(self) -> str:
        """What to choose, in a sentence."""
        target = f"p99 <= {self.plan.target_p99_ms:g} ms"
        best = proposed(self.rows, LEAST_AGREEMENT)
        if best is not None:
            return (
                f"For {target}: {_chosen(best)} holds {best.per_s:.0f} requests/s with p99 {best.p99_ms:.1f} ms; its "
                f"answers agree with the recipe's own by {best.agreement:.1%}."
            )
        if held := pareto_front(self.rows):
            best = max(held, key=lambda row: row.agreement)
            return (
                f"For {target}: only {_chosen(best)} or less holds any load, {best.per_s:.0f} requests/s, and its "
                f"answers agree with the recipe's own by no more than {best.agreement:.1%}."
            )
        idle = min(self.rows, key=lambda row: row.idle_p99_ms)
        return (
            f"No setting holds {target}: even one caller alone is answered within {idle.idle_p50_ms:.1f} ms (p50) and "
            f"{idle.idle_p99_ms:.1f} ms (p99) at best, with {_chosen(idle)}. Ask for more time, or measure on a "
            "machine that does nothing else."
        )

    def lines(self) -> list[str]:
        """The table, notes and the proposal; `*` marks the rows that no other beats."""
        front = pareto_front(self.rows)
        cells = [HEAD, *(_cells(row, is_best=row in front) for row in self.rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
        table = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
        told = (
            f"The load came from another process on the same {self.cores} cores, of which it took "
            f"{max(row.generator_share for row in self.rows):.2f} at most: without it, the service would hold more."
        )
        best = "* no other row is as good in rate, agreement and workers, and better in one of them"
        doubts = [] if self.is_steady else [UNSTEADY]
        return [*table, best, told, *self.notes, *doubts, self.proposal]

    def to_dict(self) -> dict[str, Any]:
        """As plain values; what is infinite is None."""
        front, best = pareto_front(self.rows), proposed(self.rows, LEAST_AGREEMENT)
        rows = [{**_flat(row), "pareto": row in front, "proposed": row is best} for row in self.rows]
        return {
            "bundle": self.bundle,
            "target_p99_ms": self.plan.target_p99_ms,
            "cores": self.cores,
            "rows": rows,
            "notes": list(self.notes),
            "steady": self.is_steady,
            "proposal": self.proposal,
        }


def _is_the_less(less: CapacityRow, whole: CapacityRow) -> bool:
    of_one_kind = replace(less.setting, retrieval_share=whole.setting.retrieval_share) == whole.setting
    return of_one_kind and less.setting.retrieval_share < whole.setting.retrieval_share


def _chosen(row: CapacityRow) -> str:
    setting = row.setting
    return (
        f"WINNOW_RETRIEVAL_SHARE={setting.retrieval_share:g} ({row.candidates:.0f} candidates), index "
        f"{setting.index}, WINNOW_WORKERS={setting.workers}"
    )


def _flat(row: CapacityRow) -> dict[str, Any]:
    values = asdict(row)
    flat = {**values.pop("setting"), **values}
    return {name: None if value == float("inf") else value for name, value in flat.items()}


def _cells(row: CapacityRow, *, is_best: bool) -> Sequence[str]:
    setting = row.setting
    held = (f"{row.per_s:.0f}", f"{row.p50_ms:.1f} ms", f"{row.p99_ms:.1f} ms") if row.per_s else ("none", "-", "-")
    return (
        "*" if is_best else "",
        f"{setting.retrieval_share:g}",
        f"{row.candidates:.0f}",
        setting.index,
        f"{row.recall:.3f}",
        str(setting.workers),
        f"{row.agreement:.1%}",
        f"{row.idle_p99_ms:.1f} ms",
        *held,
    )

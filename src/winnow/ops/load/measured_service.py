"""One service under load: what it does idle, and the most that it holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from winnow.ops.load.held_rate import TRIES, HeldRate, held_rate
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_result import LoadResult
from winnow.ops.load.run_load import run_load
from winnow.schema.errors import Unavailable

STEPS = 2 + TRIES
"""Loads that are made of one service at most."""
CONNECTIONS = 32
"""At a rate: enough that requests wait in the service and not for a connection."""
BUSY = 8
"""Callers for each worker who ask without a pause, to see what is too much."""
BEYOND = 1.1
FEWEST, LONGEST_S = 200, 20.0
"""Requests that a 99th percentile is read from, where that takes no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredService:
    """What was measured.

    Attributes:
        idle: one caller alone.
        held: the highest rate within the target, None where there is none.
    """

    idle: LoadResult
    held: HeldRate | None


def measured_service(
    plan: LoadPlan,
    workers: int,
    target_p99_ms: float,
    told: Callable[[], None],
    made: Callable[[LoadPlan], LoadResult] = run_load,
) -> MeasuredService:
    """Loads a service that is ready.

    Args:
        plan: who asks what, and for how long.
        workers: of the service.
        target_p99_ms: of all that counts as held; nothing may fail besides, nor lack anything.
        told: called after each load.
        made: makes a load.

    Raises:
        Unavailable: one caller alone is not answered, or not completely.
    """

    def loaded(load: LoadPlan) -> LoadResult:
        result = made(load)
        told()
        return result

    def holds(result: LoadResult) -> bool:
        whole = not (result.failed or result.degraded) and len(result) > 0
        return whole and result.quantile_ms(0.99) <= target_p99_ms

    def at(rate: float) -> LoadResult:
        seconds = min(max(plan.seconds, FEWEST / rate), max(plan.seconds, LONGEST_S))
        return loaded(replace(plan, connections=CONNECTIONS, rate=rate, seconds=seconds, patience_s=1.0))

    idle = loaded(replace(plan, connections=1))
    if idle.failed or idle.degraded or not len(idle):
        raise Unavailable(
            f"The service answered {idle.failed} of {len(idle)} requests of one caller not at all and {idle.degraded} "
            "without all stages; mend that first, and look into its log."
        )
    if not holds(idle):
        return MeasuredService(idle=idle, held=None)
    busy = loaded(replace(plan, connections=BUSY * workers))
    return MeasuredService(idle=idle, held=held_rate(at, holds, busy.per_s * BEYOND))

"""What happened to a batch of requests, stage by stage. Metrics, the UI and evaluation read this and nothing else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from winnow.schema.column import Array
from winnow.schema.record import record

NO_RULES: Mapping[str, int] = MappingProxyType({})


class StageTrace(NamedTuple):
    """One stage, or one source. A tuple: a request has some twenty, and a frozen dataclass takes three times as long.

    Attributes:
        name: as declared in the pipeline, or `retrieve` (all sources and their merge), `fill` or `select`.
        rows_in, rows_out: candidates of the whole batch before and after.
        seconds: time spent inside; that of `retrieve` holds that of the sources, that of `fill` whatever ran again.
        fault: message of the first Unavailable that was skipped, be it in `fill`, or that the time was spent and
            something stood in for the stage, or None.
        rules: of `select`, how many picks stand where they do by a `Rule` other than their worth, by its name in small
            letters; empty elsewhere.
        item_rows, offsets: candidates after the stage, kept only when details are asked for.
        scores: float32 [rows_out], what they are worth by then to the stage or the source, likewise; None where there
            is no score yet.
    """

    name: str
    rows_in: int
    rows_out: int
    seconds: float
    fault: str | None = None
    rules: Mapping[str, int] = NO_RULES
    item_rows: Array | None = None
    offsets: Array | None = None
    scores: Array | None = None


@record()
class Trace:
    """All stages in the order in which they ran, each name once; the sources come before `retrieve`, their sum."""

    stages: tuple[StageTrace, ...]

    @property
    def degraded(self) -> tuple[str, ...]:
        """Names of the stages that were skipped because something did not answer, or for want of time."""
        return tuple(stage.name for stage in self.stages if stage.fault is not None)

    def of(self, name: str) -> StageTrace:
        """The row of a stage or a source.

        Raises:
            KeyError: there is none of that name.
        """
        return {stage.name: stage for stage in self.stages}[name]

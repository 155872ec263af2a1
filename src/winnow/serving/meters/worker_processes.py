"""Memory, time and files of the processes of all workers."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import Metric, ProcessCollector

LIVING = "gauge_livesum_*.db"
"""The meters that a worker keeps as long as it lives; the supervisor removes them when it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerProcesses:
    """What Linux says of each worker that lives, by the label `pid`. Elsewhere there is nothing.

    Attributes:
        folder: in which all workers keep their meters.
    """

    folder: Path

    def collect(self) -> Iterable[Metric]:
        """The families of a single process, each with the samples of all of them."""
        found: dict[str, Metric] = {}
        for pid in sorted(path.stem.rpartition("_")[2] for path in self.folder.glob(LIVING)):
            for own in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():
                family = found.setdefault(own.name, Metric(own.name, own.documentation, own.type))
                for sample in own.samples:
                    family.add_sample(sample.name, {**sample.labels, "pid": pid}, sample.value)
        return found.values()

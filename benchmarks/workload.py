"""What is asked while we measure: one recommendation of ten items at a time, for real users in turn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.data.open_dataset import open_dataset
from winnow.engine.engine import Engine
from winnow.ops.load.known_visitors import known_visitors
from winnow.pipeline.requests import Requests
from winnow.schema.column import Ragged

K = 10
WARM_UP = 200
ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Real users in a shuffled order.

    Attributes:
        user_ids: outside names.
        at: the instant of asking, just after the last event, UTC seconds.
    """

    user_ids: tuple[str, ...]
    at: float

    def user(self, number: int) -> str:
        """Who asks call `number`."""
        return self.user_ids[number % len(self.user_ids)]

    def request(self, number: int) -> Requests:
        """Call `number` as the pipeline takes it: one request, no context, nothing excluded."""
        return Requests(
            request_ids=(str(number),),
            user_ids=(self.user(number),),
            at=np.array([self.at]),
            k=np.array([K]),
            exclude=Ragged(np.zeros(0, np.int64), np.zeros(2, np.int64)),
            seeds=np.array([number], np.uint64),
        )


def workload_of(retail: Path) -> Workload:
    """All users of a data set, shuffled with seed 0."""
    dataset = open_dataset(retail)
    user_ids = np.random.default_rng(0).permutation(dataset.users["user_id"].to_numpy()).tolist()
    return Workload(user_ids=tuple(user_ids), at=dataset.events["at"][-1].as_py() + 1.0)


def workload_of_engine(engine: Engine) -> Workload:
    """All visitors whose events training read, shuffled with seed 0. Raises RequestError where there are none."""
    user_ids = known_visitors(engine)
    past = engine.users and engine.users.past
    return Workload(user_ids=user_ids, at=0.0 if past is None else float(past.at.max()) + 1.0)


def sizes(engine: Engine, workload: Workload) -> str:
    """How large what was measured is: items, features, widths, history, candidates."""
    traces = [engine.pipeline(workload.request(number)).trace for number in range(100)]
    candidates = np.median([trace.stages[-1].rows_in for trace in traces])
    schema, catalogue = engine.schema, engine.catalogue
    widths = [catalogue.tower.shape[1], *(vectors.shape[1] for vectors in catalogue.vectors.values())]
    return (
        f"{len(catalogue):,} items, {len(schema.features)} features, vector widths {'/'.join(map(str, widths))}, "
        f"history {schema.history.length}, {candidates:.0f} candidates ranked (median)"
    )

"""The request path alone, in this process, one request at a time."""

from collections.abc import Iterator

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import ROUNDS, WARM_UP, sizes, workload_of
from winnow.engine.open_engine import open_engine

GROUP = "pipeline"
QUALITY = False


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median and 99th percentile of one recommendation."""
    engine, workload = open_engine(inputs.bundle), workload_of(inputs.retail)
    taken = latencies_ms(
        lambda number: engine.pipeline(workload.request(number)), warm_up=WARM_UP, rounds=ROUNDS, label="pipeline"
    )
    how = f"in process, one request at a time, {len(taken):,} requests of real users; {sizes(engine, workload)}"
    for percentile in (50, 99):
        value = float(np.percentile(taken, percentile))
        yield Result(name=f"pipeline.p{percentile}_ms", value=value, unit="ms", better="lower", how=how)

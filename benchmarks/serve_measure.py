"""What a bundle costs to serve: in process beside its floor, to start, and to hold in memory."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.active_users import ActiveUsers
from benchmarks.bare_parts import bare_parts_ms
from benchmarks.in_process import InProcess
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from benchmarks.service import resident_mb
from benchmarks.workload import ROUNDS, Workload
from winnow.data.open_dataset import open_dataset
from winnow.engine.engine import Engine
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_result import LoadResult
from winnow.ops.load.run_load import run_load
from winnow.ops.load.service_process import service_process

REQUESTS = 1_000
RATE, SECONDS = 100.0, 10.0
"""At which those requests are made, and for how long."""


def in_process_rows(name: str, engine: Engine, users: ActiveUsers, sizes: str) -> Iterator[Result]:
    """Median and 99th percentile of a request, the floor under it, and how many times that it takes."""
    asked = InProcess.of(engine, users)
    taken, alone, parts = asked.taken_ms(), asked.pipeline_ms(), bare_parts_ms(asked)
    p50, p99, floor = float(np.median(taken)), float(np.quantile(taken, 0.99)), sum(parts.values())
    how = (
        f"from the bytes of a request to those of its answer, without sockets, state in memory, one at a time, "
        f"{ROUNDS * 100:,} requests of {users.told}; the request path alone takes {alone:.3g} ms (median); {sizes}"
    )
    yield Result(name=f"{name}.in_process.p50_ms", value=p50, unit="ms", better="lower", how=how)
    yield Result(name=f"{name}.in_process.p99_ms", value=p99, unit="ms", better="lower", how=how)
    told = ", ".join(f"{part} {value:.3g}" for part, value in parts.items())
    bare = f"medians of the parts, each called bare on what the same requests give it: {told} ms; {sizes}"
    yield Result(name=f"{name}.floor_ms", value=floor, unit="ms", better="lower", how=bare)
    ratio = f"{p50:.3g} ms in process over {floor:.3g} ms of the bare parts, in one run; {sizes}"
    yield Result(name=f"{name}.ratio_to_floor", value=p50 / floor, unit="x", better="lower", how=ratio)


def process_rows(name: str, bundle: Path, users: ActiveUsers, sizes: str) -> Iterator[Result]:
    """Seconds to start, and memory after a thousand requests, of one worker with embedded state."""
    with service_process(bundle) as service:
        loaded(LoadPlan(url=service.url, bodies=users.bodies(), rate=RATE, seconds=SECONDS, warm_s=0.0))
        rss, anonymous = resident_mb(service.pid)
    start = f"from the start of the process until /readyz answers, files in the page cache; {sizes}"
    yield Result(name=f"{name}.start_s", value=service.start_s, unit="s", better="lower", how=start)
    held = (
        f"resident memory of the one worker after {REQUESTS:,} requests, {anonymous:.0f} MB of it no mapped files; "
        f"{sizes}"
    )
    yield Result(name=f"{name}.rss_mb", value=rss, unit="MB", better="lower", how=held)


def loaded(plan: LoadPlan) -> LoadResult:
    """What became of a load of which nothing failed.

    Raises:
        RefusedError: something did; a figure would leave out what did not come.
    """
    result = run_load(plan)
    if result.failed or not len(result):
        raise RefusedError(f"{result.failed} of {len(result)} requests failed; such a figure is not published.")
    return result


def active_users(workload: Workload, engine: Engine, data: Path) -> ActiveUsers:
    """Some of them, who did something just now, as the data has it of them."""
    return ActiveUsers.of(workload, engine, open_dataset(data).events, time.time())

"""Requests to the retail bundle: in process, over HTTP, with one worker and with two; and the floor under them."""

import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.active_users import ActiveUsers
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from benchmarks.serve_measure import active_users, in_process_rows, loaded, process_rows
from benchmarks.service import children
from benchmarks.state_users import state_server
from benchmarks.workload import sizes, workload_of
from winnow.api.client import Client
from winnow.engine.open_engine import open_engine
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_result import LoadResult
from winnow.ops.load.service_process import service_process

GROUP = "serve"
QUALITY = False
KEY = "a-key-of-the-benchmarks"
WORKERS, CONNECTIONS = 2, 8
SECONDS, WARM_S = 20.0, 3.0


def rows(inputs: Inputs) -> Iterator[Result]:
    """Latencies and rates; start and memory."""
    bundle, workload = inputs.bundle, workload_of(inputs.retail)
    engine = open_engine(bundle)
    users, large = active_users(workload, engine, inputs.retail), sizes(engine, workload)
    yield from in_process_rows(GROUP, engine, users, large)
    yield from process_rows(GROUP, bundle, users, large)
    yield from _embedded(bundle, users, large)
    yield from _shared(inputs, users, large)


def _embedded(bundle: Path, users: ActiveUsers, large: str) -> Iterator[Result]:
    with service_process(bundle, KEY) as service:
        alone = _over_http(service.url, users, connections=1)
        several = _over_http(service.url, users, connections=CONNECTIONS)
    how = _how(alone, users, "one worker, embedded state in memory", 1, large)
    yield Result(name="serve.http.c1.p50_ms", value=alone.quantile_ms(0.5), unit="ms", better="lower", how=how)
    how = _how(several, users, "one worker, embedded state in memory", CONNECTIONS, large)
    yield from _of_several("serve.http.embedded.c8", several, how)


def _shared(inputs: Inputs, users: ActiveUsers, large: str) -> Iterator[Result]:
    """Two workers, which share their state on a real server.

    Raises:
        RefusedError: no server is installed, or the service has not as many workers.
    """
    with (
        state_server(inputs.cache, appendonly="yes", appendfsync="everysec") as server,
        service_process(inputs.bundle, KEY, WINNOW_VALKEY_URL=server.url, WINNOW_WORKERS=str(WORKERS)) as service,
    ):
        if (number := len(children(service.pid))) < WORKERS:
            raise RefusedError(f"The service has {number} workers; {WORKERS} were asked for with WINNOW_WORKERS.")
        result = _over_http(service.url, users, connections=CONNECTIONS)
    told = f"{WORKERS} workers, state on a Valkey server on the same cores, appendfsync everysec"
    yield from _of_several("serve.http.c8", result, _how(result, users, told, CONNECTIONS, large))


def _over_http(url: str, users: ActiveUsers, connections: int) -> LoadResult:
    client = Client(url, KEY)
    users.tell(client)
    client.close()
    return loaded(
        LoadPlan(url=url, key=KEY, bodies=users.bodies(), connections=connections, seconds=SECONDS, warm_s=WARM_S)
    )


def _of_several(name: str, result: LoadResult, how: str) -> Iterator[Result]:
    yield Result(name=f"{name}.rps", value=result.per_s, unit="requests/s", better="higher", how=how)
    yield Result(name=f"{name}.p99_ms", value=result.quantile_ms(0.99), unit="ms", better="lower", how=how)


def _how(result: LoadResult, users: ActiveUsers, told: str, connections: int, large: str) -> str:
    return (
        f"{told}; {connections} kept loopback connections that ask again as soon as they are answered, {len(result):,} "
        f"requests of {users.told}, {result.degraded / len(result):.1%} degraded, none failed; the load comes from "
        f"another process on the same {os.cpu_count()} cores, of which it takes {result.generator_share:.2f}; {large}"
    )

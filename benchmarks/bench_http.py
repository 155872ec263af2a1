"""The same requests over HTTP, against a service in a process of its own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.command import WINNOW
from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import ROUNDS, WARM_UP, K, Workload, sizes, workload_of
from winnow.api.client import Client
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.schema.errors import Unavailable

GROUP = "http"
QUALITY = False
START_S = 60.0


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median over one kept connection, and what HTTP adds to the pipeline alone."""
    bundle, workload = inputs.bundle, workload_of(inputs.retail)
    engine = open_engine(bundle)
    over_http = median_over_http(bundle, workload)
    alone = median_alone(engine, workload)
    large = sizes(engine, workload)
    how = f"winnow.api.client, one kept loopback connection, {ROUNDS * 100:,} requests of real users, k={K}; {large}"
    yield Result(name="http.p50_ms", value=over_http, unit="ms", better="lower", how=how)
    difference = f"http.p50_ms less the pipeline alone in this run ({alone:.3g} ms); {large}"
    yield Result(name="http.over_pipeline_ms", value=over_http - alone, unit="ms", better="lower", how=difference)


def median_alone(engine: Engine, workload: Workload) -> float:
    """Milliseconds in this process."""
    taken = latencies_ms(
        lambda number: engine.pipeline(workload.request(number)),
        warm_up=WARM_UP,
        rounds=ROUNDS,
        label="pipeline alone",
    )
    return float(np.median(taken))


def median_over_http(bundle: Path, workload: Workload) -> float:
    """Milliseconds from asking the client to its parsed answer."""
    with service(bundle) as client:
        taken = latencies_ms(
            lambda number: client.recommend(user_id=workload.user(number), k=K),
            warm_up=WARM_UP,
            rounds=ROUNDS,
            label="http",
        )
    return float(np.median(taken))


@contextmanager
def service(bundle: Path, key: str = "", **settings: str) -> Iterator[Client]:
    """A client of a service that is ready, on a free port; the service ends with the block."""
    with service_url(bundle, key, **settings) as url:
        client = Client(url, key)
        yield client
        client.close()


@contextmanager
def service_url(bundle: Path, key: str = "", **settings: str) -> Iterator[str]:
    """The address of such a service."""
    port = free_port()
    own = {"WINNOW_HOST": "127.0.0.1", "WINNOW_API_KEYS": key, "WINNOW_LOG_LEVEL": "warning"}
    environ = {**os.environ, **own, **settings}
    command = [WINNOW, "serve", str(bundle), "--port", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    client = Client(f"http://127.0.0.1:{port}", key)
    try:
        wait_until_ready(client, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(client: Client, process: subprocess.Popen[bytes]) -> None:
    """Ask until the service says that it is ready.

    Raises:
        ChildProcessError: if it ends before.
        Unavailable: if it is not ready within a minute.
    """
    end = time.monotonic() + START_S
    while True:
        if process.poll() is not None:
            raise ChildProcessError(f"The service ended with code {process.returncode} before it was ready.")
        try:
            client.ready()
        except Unavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]

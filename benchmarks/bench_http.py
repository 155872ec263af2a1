"""The same requests over HTTP, against a service in a process of its own."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import numpy as np
from winnow.engine.open_engine import open_engine

from benchmarks.command import WINNOW
from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import ROUNDS, WARM_UP, K, Workload, workload_of

GROUP = "http"
QUALITY = False
START_S = 60.0
HEADERS = {"Content-Type": "application/json"}


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median over one kept connection, and what HTTP adds to the pipeline alone."""
    bundle, workload = inputs.bundle, workload_of(inputs.retail)
    over_http = median_over_http(bundle, workload)
    alone = median_alone(bundle, workload)
    how = f"one kept connection on the loopback, {ROUNDS * 100:,} requests of real users, k={K}"
    yield Result(name="http.p50_ms", value=over_http, unit="ms", better="lower", how=how)
    difference = f"http.p50_ms less the pipeline alone in this run ({alone:.3g} ms)"
    yield Result(name="http.over_pipeline_ms", value=over_http - alone, unit="ms", better="lower", how=difference)


def median_alone(bundle: Path, workload: Workload) -> float:
    """Milliseconds in this process."""
    engine = open_engine(bundle)
    taken = latencies_ms(
        lambda number: engine.pipeline(workload.request(number)), warm_up=WARM_UP, rounds=ROUNDS, label="pipeline alone"
    )
    return float(np.median(taken))


def median_over_http(bundle: Path, workload: Workload) -> float:
    """Milliseconds from sending a request to having read its whole answer."""
    with service(bundle) as connection:
        taken = latencies_ms(
            lambda number: recommend(connection, workload.user(number)), warm_up=WARM_UP, rounds=ROUNDS, label="http"
        )
    return float(np.median(taken))


def recommend(connection: HTTPConnection, user_id: str) -> bytes:
    """One answer of ten items.

    Raises:
        HTTPException: if the status is not 200.
    """
    connection.request("POST", "/v1/recommendations", json.dumps({"user_id": user_id, "k": K}), HEADERS)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise HTTPException(f"The service answered {response.status}: {body.decode(errors='replace')[:200]}")
    return body


@contextmanager
def service(bundle: Path) -> Iterator[HTTPConnection]:
    """A connection to a service that is ready, on a free port; the service ends with the block."""
    port = free_port()
    process = subprocess.Popen([WINNOW, "serve", str(bundle), "--port", str(port)], stdout=subprocess.DEVNULL)
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wait_until_ready(connection, process)
        yield connection
    finally:
        connection.close()
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(connection: HTTPConnection, process: subprocess.Popen[bytes]) -> None:
    """Ask /readyz until it says so.

    Raises:
        TimeoutError: if it does not within a minute.
        ChildProcessError: if the service ends before.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise ChildProcessError(f"The service ended with code {process.returncode} before it was ready.")
        if is_ready(connection):
            return
        time.sleep(0.1)
    raise TimeoutError(f"The service was not ready within {START_S:.0f} s.")


def is_ready(connection: HTTPConnection) -> bool:
    """Whether the service answers and says that it is ready."""
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        response.read()
    except ConnectionError:
        connection.close()
        return False
    return response.status == 200


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

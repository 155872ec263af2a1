"""Normal requests while thousands of others hold connections open, send halves, and send what is large or deep."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.service import service_url
from benchmarks.workload import K, workload_of
from winnow.api.client import Client

GROUP = "siege"
QUALITY = False
CONNECTIONS = 10_000
REQUESTS = 200


def rows(inputs: Inputs) -> Iterator[Result]:
    """Latency of normal requests under siege, and how many of them failed."""
    workload = workload_of(inputs.retail)
    with service_url(inputs.bundle) as url:
        client = Client(url)

        def ask(number: int) -> None:
            client.recommend(user_id=workload.user(number), k=K)

        alone = latencies_ms(ask, warm_up=100, rounds=2, label="before the siege")
        with besieged(url, CONNECTIONS):
            taken = latencies_ms(ask, warm_up=0, rounds=REQUESTS // 100, label="siege")
        client.close()
    how = (
        f"{CONNECTIONS:,} slow connections, half of them in the headers and half in the body, one caller that sends "
        f"100 MB and one that sends 500,000 brackets, over and over, from one process on the same machine; {REQUESTS} "
        f"requests over one kept connection, none of which failed; before the siege {np.quantile(alone, 0.99):.3g} ms"
    )
    yield Result(name="siege.p50_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)
    yield Result(name="siege.p99_ms", value=float(np.quantile(taken, 0.99)), unit="ms", better="lower", how=how)


@contextmanager
def besieged(url: str, connections: int) -> Iterator[None]:
    """So many slow connections, and two busy ones, until the end of the block."""
    address = urlsplit(url)
    command = [sys.executable, "-m", "benchmarks.besiegers", str(address.hostname), str(address.port), str(connections)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise ChildProcessError("The besiegers ended before all of their connections were open.")
            yield
        finally:
            process.kill()

"""What visitors notice while the server of shared state is in trouble, and how soon it is used again."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread
from time import perf_counter

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.service import service_url
from benchmarks.state_faults import FAULTS
from benchmarks.state_users import state_server
from benchmarks.workload import K, Workload, workload_of
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.engine.open_engine import open_engine
from winnow.schema.schema import EventType

GROUP = "fault"
QUALITY = False
KEY = "a-key-of-the-benchmarks"
CALLERS, SECONDS, ROUNDS = 2, 3.0, 3
USERS, EVENTS = 200, 10
PATIENT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What callers met.

    Attributes:
        taken_ms: of each answer.
        degraded: of each answer, whether it said that something was missing.
    """

    taken_ms: list[float]
    degraded: list[bool]


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median and 99th of a hundred of the answers under each fault, and the longest wait for its end to be noticed."""
    workload, items = workload_of(inputs.retail), open_engine(inputs.bundle).catalogue.item_ids
    with (
        state_server(inputs.cache, appendonly="yes", enable_debug_command="yes") as server,
        service_url(inputs.bundle, KEY, WINNOW_VALKEY_URL=server.url) as url,
    ):
        client = Client(url, KEY)
        _tell(client, workload, items)
        for name, (fault, said) in FAULTS.items():
            loads, recoveries = [], []
            for _ in range(ROUNDS):
                with fault(server):
                    loads.append(load(url, workload))
                recoveries.append(recovery_s(client, workload))
            yield from _rows(name, said, loads, recoveries)
        client.close()


def load(url: str, workload: Workload) -> Load:
    """Some callers who ask again and again for a while, each over a connection of its own."""
    own = [Load(taken_ms=[], degraded=[]) for _ in range(CALLERS)]
    end = perf_counter() + SECONDS
    callers = [
        Thread(target=_ask, args=(Client(url, KEY), workload, number, each, end)) for number, each in enumerate(own)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return Load(
        taken_ms=[taken for each in own for taken in each.taken_ms],
        degraded=[is_degraded for each in own for is_degraded in each.degraded],
    )


def recovery_s(client: Client, workload: Workload) -> float:
    """Seconds until an answer lacks nothing."""
    start = perf_counter()
    while client.recommend(user_id=workload.user(0), k=K)["degraded"]:
        if perf_counter() - start > PATIENT_S:
            break
    return perf_counter() - start


def _ask(client: Client, workload: Workload, number: int, told: Load, end: float) -> None:
    while perf_counter() < end:
        start = perf_counter()
        answer = client.recommend(user_id=workload.user(number % USERS), k=K)
        told.taken_ms.append(1e3 * (perf_counter() - start))
        told.degraded.append(bool(answer["degraded"]))
        number += CALLERS
    client.close()


def _tell(client: Client, workload: Workload, items: tuple[str, ...]) -> None:
    for number in range(USERS):
        user = workload.user(number)
        own = [items[(number + 7 * place) % len(items)] for place in range(EVENTS)]
        client.events([VisitorEvent(user_id=user, item_id=item, type=EventType.CLICK) for item in own])


def _rows(name: str, said: str, loads: list[Load], recoveries: list[float]) -> Iterator[Result]:
    taken = [each for load in loads for each in load.taken_ms]
    degraded = np.mean([each for load in loads for each in load.degraded])
    how = (
        f"POST /v1/recommendations, {CALLERS} callers who ask without a pause while the server of the state is {said}; "
        f"{ROUNDS} times {SECONDS:.0f} s, {len(taken):,} answers, {degraded:.1%} of them degraded, none failed"
    )
    for tail, value in (("p50", np.median(taken)), ("p99", np.percentile(taken, 99))):
        yield Result(name=f"state.fault.{name}.{tail}_ms", value=float(value), unit="ms", better="lower", how=how)
    if degraded:
        told = f"from its return to the first answer that lacks nothing, the longest of {ROUNDS}; the server was {said}"
        yield Result(name=f"state.fault.{name}.recovery_s", value=max(recoveries), unit="s", better="lower", how=told)

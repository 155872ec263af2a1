"""An event on its way to a server, beside the bare round trip."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.state_users import NOW, StateUsers, state_users

GROUP = "event"
QUALITY = False
USERS = 100
WARM_UP, ROUNDS = 200, 20
BYTES = 1_000
"""About what the append-only file takes for an event."""


def rows(inputs: Inputs) -> Iterator[Result]:
    """Medians with each event on disk before it is acknowledged, and within a second of it."""
    for fsync in ("always", "everysec"):
        with state_users(inputs.cache, appendonly="yes", appendfsync=fsync) as users:
            taken = latencies_ms(lambda number: write(users, number), warm_up=WARM_UP, rounds=ROUNDS, label=fsync)
            ping = latencies_ms(lambda _: users.ping(), warm_up=WARM_UP, rounds=ROUNDS, label="ping")
        fsync_ms = fsync_alone(inputs.cache)
        p50, bare = float(np.median(taken)), float(np.median(ping))
        name = "event.write.valkey" if fsync == "always" else f"event.write.valkey.{fsync}"
        how = (
            f"appendfsync {fsync}, one event in a call, {USERS} users by turns; loopback, one kept connection, "
            f"{ROUNDS * 100:,} events; a PING takes {bare:.3f} ms, "
            f"and to bring {BYTES} bytes to this disk alone {fsync_ms:.3f} ms"
        )
        yield Result(name=f"{name}.p50_ms", value=p50, unit="ms", better="lower", how=how)
        yield Result(name=f"{name}.over_ping_ms", value=p50 - bare, unit="ms", better="lower", how=how)


def write(users: StateUsers, number: int) -> None:
    """A view by one user of many."""
    users.state.append([users.view(f"user {number % USERS}", f"{number}", NOW)])


def fsync_alone(folder: Path) -> float:
    """Milliseconds that the disk takes, in the median."""
    with TemporaryFile(dir=folder) as file:

        def append(_: int) -> None:
            file.write(bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())

        return float(np.median(latencies_ms(append, warm_up=10, rounds=max(ROUNDS // 4, 1), label="disk")))

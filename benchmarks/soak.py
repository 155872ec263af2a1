"""Everything at once for a long time: visitors who ask and act, items that come and go, bundles that take over."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread

import numpy as np

from benchmarks.service import children, resident_mb
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.ops.load.known_visitors import told_as
from winnow.ops.load.service_process import ServiceProcess
from winnow.schema.column import Array
from winnow.schema.errors import RequestError, Unavailable
from winnow.schema.schema import EventType

K = 10
LOOK_S = 1.0
NEW = "soaked"
"""The item that comes and goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakPlan:
    """What goes on meanwhile.

    Attributes:
        seconds: of all of it.
        bundles: names in the registry that take over by turns.
        users: outside names of who asks and acts.
        items: outside names of what they click.
        values: of an item that comes and goes, by raw column.
        callers: who ask again as soon as they are answered, each over a connection of its own.
        act_s, item_s, swap_s: from one click, one change of an item and one swap to the next.
    """

    seconds: float
    bundles: Sequence[str]
    users: Sequence[str]
    items: Sequence[str]
    values: dict[str, object]
    callers: int = 2
    act_s: float = 0.05
    item_s: float = 1.0
    swap_s: float = 20.0


@dataclass(slots=True)
class Soaked:
    """What came of it.

    Attributes:
        failures: a sentence for each call that failed.
        taken: of each answer to a request for items, when it came (seconds from the begin) and its milliseconds.
        memory: seconds from the begin, and what all workers hold then that is no file, 10^6 bytes.
        swaps, changes, clicks: calls that were carried out.
    """

    failures: list[str] = field(default_factory=list[str])
    taken: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    memory: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    swaps: int = 0
    changes: int = 0
    clicks: int = 0

    def p99_ms(self, start: float, end: float) -> float:
        """Of answers that came in a part of the time, 0 to 1."""
        return float(np.percentile(_within(self.taken, start, end), 99))

    def memory_mb(self, start: float, end: float) -> float:
        """Median over a part of the time, 0 to 1."""
        return float(np.median(_within(self.memory, start, end)))


def soak(service: ServiceProcess, key: str, plan: SoakPlan) -> Soaked:
    """Puts a service of a registry under mixed load, and tells what came of it."""
    traffic = _Traffic(service=service, key=key, plan=plan)
    parts = [(partial(traffic.ask, number), 0.0) for number in range(plan.callers)]
    parts += [(traffic.act, plan.act_s), (traffic.change, plan.item_s), (traffic.swap, plan.swap_s)]
    parts += [(traffic.look, LOOK_S)]
    threads = [Thread(target=traffic.repeat, args=part) for part in parts]
    for each in threads:
        each.start()
    traffic.stop.wait(plan.seconds)
    traffic.stop.set()
    for each in threads:
        each.join()
    return traffic.found


@dataclass(slots=True, kw_only=True)
class _Traffic:
    """What goes on, each part of it in a thread of its own; `turn` counts the calls of a part."""

    service: ServiceProcess
    key: str
    plan: SoakPlan
    found: Soaked = field(default_factory=Soaked)
    stop: Event = field(default_factory=Event)
    begin: float = field(default_factory=time.monotonic)

    def repeat(self, do: Callable[[Client, int], None], pause_s: float) -> None:
        client, turn = Client(self.service.url, self.key), 0
        while not self.stop.is_set():
            try:
                do(client, turn)
            except (RequestError, Unavailable) as error:
                self.found.failures.append(str(error))
            turn += 1
            self.stop.wait(pause_s)
        client.close()

    def ask(self, number: int, client: Client, turn: int) -> None:
        start = time.monotonic()
        user_id, session_id = self._visitor(turn * self.plan.callers + number)
        client.recommend(user_id, k=K, session_id=session_id)
        end = time.monotonic()
        self.found.taken.append((end - self.begin, 1e3 * (end - start)))

    def act(self, client: Client, turn: int) -> None:
        user_id, session_id = self._visitor(turn)
        item = self.plan.items[7 * turn % len(self.plan.items)]
        client.events([VisitorEvent(user_id=user_id, session_id=session_id, item_id=item, type=EventType.CLICK)])
        self.found.clicks += 1

    def change(self, client: Client, turn: int) -> None:
        if turn % 2:
            client.withdraw_item(NEW)
        else:
            client.put_item(NEW, self.plan.values)
        self.found.changes += 1

    def swap(self, client: Client, turn: int) -> None:
        client.promote(self.plan.bundles[(turn + 1) % len(self.plan.bundles)])
        self.found.swaps += 1

    def look(self, _: Client, turn: int) -> None:
        workers = children(self.service.pid) or [self.service.pid]
        now = time.monotonic() - self.begin
        self.found.memory.append((now, sum(resident_mb(each)[1] for each in workers)))

    def _visitor(self, number: int) -> tuple[str | None, str | None]:
        return told_as(self.plan.users[number % len(self.plan.users)])


def _within(told: Sequence[tuple[float, float]], start: float, end: float) -> Array:
    at, values = np.array(told).T
    return values[(at >= start * at[-1]) & (at <= end * at[-1])]

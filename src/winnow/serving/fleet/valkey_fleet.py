"""All workers that share a Valkey server, in one pod or in many."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from winnow.schema.errors import Unavailable
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.fleet.order_follower import OrderFollower
from winnow.serving.orders.lasting_orders import PREPARE, is_about_bundle, subject_of
from winnow.serving.orders.order import Order, Report
from winnow.serving.orders.written_order import written_order
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_orders import ValkeyOrders, Worker

ORDER_S = 60.0
"""Longest wait for all workers."""
PREPARE_S = 300.0
"""The same where they open a bundle: one of a million items took a quarter of a minute, and two where ten others worked
on two cores."""
PATIENT_S = 5.0
POLL_S = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyFleet:
    """A Fleet whose orders pass through the server; the worker that gives one hears it there like all others.

    Attributes:
        orders: on the server.
        follower: of this worker.
        limit_s: longest wait for all workers that live, but where a bundle is prepared.
        pause: waits some seconds.
    """

    orders: ValkeyOrders
    follower: OrderFollower
    limit_s: float = ORDER_S
    pause: Callable[[float], None] = time.sleep

    @staticmethod
    def open(live: LiveEngine, url: str, name: str, shadow: Shadow) -> "ValkeyFleet":
        """Joins: what was ordered before is carried out when this returns, if the server answers.

        Args:
            live: of this worker.
            url: of the server.
            name: of this worker, unique among all that live.
            shadow: what it knows of a candidate, of which the others are told.

        Raises:
            SettingsError: the URL is none.
        """
        orders = ValkeyOrders(client=ValkeyClient(url, read_timeout_s=PATIENT_S))
        follower = OrderFollower(orders=orders, live=live, name=name, shadow=shadow)
        follower.start()
        return ValkeyFleet(orders=orders, follower=follower)

    def order(self, order: Order) -> Sequence[Report]:
        """As in Fleet. Raises Unavailable too where some have not carried it out in time; they will.

        Whoever calls has found that the order can be carried out: what all refuse stays the last word on its subject.
        """
        number = self.orders.give(subject_of(order), written_order(order))
        limit_s = PREPARE_S if order.kind == PREPARE else self.limit_s
        until = time.monotonic() + limit_s
        missing = self._missing(order, number)
        while missing:
            if time.monotonic() > until:
                raise Unavailable(
                    f"The order is given, but after {limit_s:.0f} s it is not known to be carried out by "
                    f"{', '.join(missing)}. They will do it when they can; give it again to wait for them."
                )
            self.pause(POLL_S)
            missing = self._missing(order, number)
        return [_report(each) for each in self.orders.workers(number)]

    def reports(self) -> Sequence[Report]:
        return [_report(each) for each in self.orders.workers()]

    @property
    def is_durable(self) -> bool:
        return self.follower.is_durable

    @property
    def name(self) -> str:
        return self.follower.name

    def close(self) -> None:
        self.follower.close()

    def _missing(self, order: Order, number: int) -> list[str]:
        """Who has yet to carry out an order; whoever gave it is one of those who must."""
        try:
            run, _ = self.orders.server()
            done = {each.name: _has_done(each, order, number, run) for each in self.orders.workers()}
        except Unavailable as error:
            return [f"anybody ({error})"]
        return [name for name, is_done in {self.follower.name: False, **done}.items() if not is_done]


def _has_done(worker: Worker, order: Order, number: int, run: str) -> bool:
    """What was said to another run of the server may be about an order of the same number that it has lost."""
    said = _said(worker)
    # A worker of an older program prepares nothing beside other orders.
    waits = is_about_bundle(order) and said.get("preparing", False)
    return said["run"] == run and said["done"] >= number and not waits


def _report(worker: Worker) -> Report:
    said = _said(worker)
    # A worker of an older program says less.
    return Report(worker=worker.name, bundle=said["bundle"], refusal=worker.refusal, shadow=said.get("shadow", {}))


def _said(worker: Worker) -> Any:
    return orjson.loads(worker.said)

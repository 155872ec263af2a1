"""Fleets in one process, and orders for them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

from benchmarks.valkey_server import ValkeyServer
from tests.unit.serving.fleet.scribe import Scribe
from tests.valkey_server import PATIENT_S
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.fleet.valkey_fleet import ValkeyFleet
from winnow.serving.orders.order import Order
from winnow.stores.valkey_client import ValkeyClient


def sent(server: ValkeyServer, *commands: Any) -> list[Any]:
    client = ValkeyClient(server.url, read_timeout_s=PATIENT_S)
    try:
        return client.send(commands)
    finally:
        client.close()


@contextmanager
def fleets(server: ValkeyServer, *scribes: Scribe) -> Iterator[list[ValkeyFleet]]:
    with ExitStack() as stack:
        found = []
        for scribe in scribes:
            fleet = ValkeyFleet.open(cast("LiveEngine", scribe), server.url, f"worker {id(scribe)}", scribe.shadow)
            stack.callback(fleet.close)
            found.append(fleet)
        yield found


def item(item_id: str, at: float = 1.0, **values: Any) -> Order:
    return Order(kind="put_item", told={"item_id": item_id, "values": values}, at=at)


def of_bundle(kind: str, name: str, at: float = 1.0) -> Order:
    return Order(kind=kind, told={"name": name}, at=at)

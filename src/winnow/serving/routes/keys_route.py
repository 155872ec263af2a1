"""`POST /v1/admin/keys`."""

import time
from dataclasses import dataclass

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from winnow.api.keys_read import KeysRead
from winnow.serving.access.key_ring import KeyRing
from winnow.serving.errors import json_response
from winnow.serving.fleet.fleet import Fleet
from winnow.serving.orders.carried_out import carried_out
from winnow.serving.orders.order import Order

READ_KEYS = "read_keys"
"""Kind of the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRoute:
    """Has all workers read the keys file at once; without this call a change counts within a second.

    Attributes:
        ring: of this worker.
        fleet: of all.
    """

    ring: KeyRing
    fleet: Fleet

    async def post(self) -> Response:
        """Read the keys file again. A file that is wrong changes nothing, and the answer says what is wrong."""
        reports = await run_in_threadpool(self.fleet.order, Order(kind=READ_KEYS, told={}, at=time.time()))
        carried_out(reports)
        answer: KeysRead = {"keys": len(self.ring.current())}
        return json_response(answer)

"""`PUT`, `GET` and `DELETE /v1/items/{item_id}`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.items import ItemChange, ItemRequest, ItemResponse
from winnow.api.limits import MAX_ID_CHARS, MAX_ITEM_BODY_BYTES, MAX_TEXT_CHARS
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.fleet.fleet import Fleet
from winnow.serving.orders.carried_out import carried_out
from winnow.serving.orders.order import Order
from winnow.serving.routes.json_body import invalid, read_json
from winnow.serving.routes.known_item import known_row
from winnow.serving.routes.sent_pictures import with_pictures

SENT = TypeAdapter(ItemRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsRoute:
    """Changes the items that are answered. A change is made in a thread: requests go on meanwhile, on the old items.

    Attributes:
        live: the engine of this worker.
        fleet: changes the items of all workers.
    """

    live: LiveEngine
    fleet: Fleet

    async def put(self, request: Request, item_id: str) -> Response:
        """Add an item, or replace it; it is searched and ranked from the next request on."""
        _check_id(item_id)
        sent = await read_json(request, SENT, MAX_ITEM_BODY_BYTES, "send a smaller picture, or fewer")
        engine = self.live.current
        _check_names(sent, engine.item_columns, engine.picture_columns)
        is_new = await run_in_threadpool(self._put, item_id, sent, engine.picture_columns)
        answer: ItemChange = {
            "item_id": item_id,
            "status": "created" if is_new else "replaced",
            "durable": self.fleet.is_durable,
        }
        return json_response(answer, 201 if is_new else 200)

    def _put(self, item_id: str, sent: ItemRequest, pictures: tuple[str, ...]) -> bool:
        values = with_pictures(sent.values, pictures)
        engine = self.live.current
        # Refused before anybody is told of it.
        engine.check_item(item_id, values)
        is_new = not engine.catalogue.is_allowed(item_id)
        self._order("put_item", item_id, {"values": values})
        return is_new

    def _withdraw(self, item_id: str) -> None:
        known_row(self.live.current.catalogue, item_id)
        self._order("withdraw_item", item_id, {})

    def _order(self, kind: str, item_id: str, told: Mapping[str, Any]) -> None:
        carried_out(self.fleet.order(Order(kind=kind, told={"item_id": item_id, **told}, at=time.time())))

    async def get(self, item_id: str) -> Response:
        """The item as people see it."""
        catalogue = self.live.current.catalogue
        row = known_row(catalogue, item_id)
        answer: ItemResponse = {"item_id": item_id, "card": dict(catalogue.cards[row])}
        return json_response(answer)

    async def delete(self, item_id: str) -> Response:
        """Withdraw an item: no later request is answered with it. Histories go on to hold it."""
        await run_in_threadpool(self._withdraw, item_id)
        answer: ItemChange = {"item_id": item_id, "status": "withdrawn", "durable": self.fleet.is_durable}
        return json_response(answer)


def _check_id(item_id: str) -> None:
    if not 1 <= len(item_id) <= MAX_ID_CHARS:
        sentence = f"The item id has {len(item_id)} characters; it should have 1 to {MAX_ID_CHARS}."
        raise invalid("item_id", sentence)


def _check_names(sent: ItemRequest, columns: tuple[str, ...], pictures: tuple[str, ...]) -> None:
    for name, value in sent.values.items():
        field = f"values.{name[:60]}"
        if name not in columns:
            takes = ", ".join(columns)
            raise invalid(field, f"'{field}' is not known to the bundle that answers; an item has: {takes}.")
        if isinstance(value, str) and len(value) > MAX_TEXT_CHARS and name not in pictures:
            sentence = f"'{field}' has {len(value):,} characters; at most {MAX_TEXT_CHARS:,} are taken."
            raise invalid(field, sentence)

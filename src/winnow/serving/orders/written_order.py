"""An order as bytes, on its way to other processes."""

from base64 import b64decode, b64encode
from typing import Any

import orjson

from winnow.serving.orders.order import Order

CONTENT = "base64"
"""The one name of an object that stands for bytes."""


def written_order(order: Order) -> bytes:
    """The order as JSON, with its pictures as base64."""
    return orjson.dumps({"kind": order.kind, "told": order.told, "at": order.at}, default=_content)


def read_order(written: bytes) -> Order:
    """What `written_order` wrote."""
    said = orjson.loads(written)
    return Order(kind=said["kind"], told=_with_bytes(said["told"]), at=said["at"])


def _content(value: bytes) -> dict[str, str]:
    return {CONTENT: b64encode(value).decode()}


def _with_bytes(value: Any) -> Any:
    match value:
        case {"base64": str(content)} if len(value) == 1:
            return b64decode(content)
        case dict():
            return {name: _with_bytes(each) for name, each in value.items()}
        case list():
            return [_with_bytes(each) for each in value]
        case _:
            return value

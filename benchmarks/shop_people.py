"""Many people at once in the shop window, each with a real WebSocket, as a browser's script has it."""

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Any

import httpx
import socketio

PATIENCE_S = 60.0
CLIENT = re.compile(r"'client_id': '([^']+)'")
CARD = re.compile(r'"(\d+)":\{"tag":"a","class":\["card-link"\].*?"listener_id":"([^"]+)","type":"click"')
CHANGED = "strip-what"
"""Class of what a page shows when the list has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """What became of one person.

    Attributes:
        opened_s: until the page with its items was there.
        changed_s: from the click until the changed list was there.
        fault: what went wrong; empty if nothing did.
    """

    opened_s: float = 0.0
    changed_s: float = 0.0
    fault: str = ""


def outings(url: str, people: int) -> list[Outing]:
    """Sends so many people to the home page at once; each of them clicks the first item when all pages are there."""
    return asyncio.run(_all(url, people))


async def _all(url: str, people: int) -> list[Outing]:
    together = asyncio.Barrier(people)
    limits = httpx.Limits(max_connections=people)
    async with httpx.AsyncClient(timeout=PATIENCE_S, limits=limits) as http:
        return await asyncio.gather(*(_outing(http, url, number, together) for number in range(people)))


async def _outing(http: httpx.AsyncClient, url: str, number: int, together: asyncio.Barrier) -> Outing:
    begin = time.monotonic()
    page = (await http.get(f"{url}/?session=person-{number}")).text
    opened_s = time.monotonic() - begin
    client, card = CLIENT.search(page), CARD.search(page)
    if client is None or card is None:
        await together.wait()
        return Outing(opened_s=opened_s, fault="the page came without items")
    changed = asyncio.Event()
    socket = socketio.AsyncClient()

    def updated(message: Any) -> None:
        if CHANGED in str(message):
            changed.set()

    socket.on("update", updated)
    query = (
        f"client_id={client[1]}&next_message_id=0&implicit_handshake=true&document_id=d&tab_id=t{number}&old_tab_id="
    )
    await socket.connect(f"{url}?{query}", socketio_path="/_nicegui_ws/socket.io", transports=["websocket"])
    await together.wait()
    try:
        begin = time.monotonic()
        said = {"id": int(card[1]), "client_id": client[1], "listener_id": card[2], "args": []}
        await socket.emit("event", said)
        await asyncio.wait_for(changed.wait(), PATIENCE_S)
        return Outing(opened_s=opened_s, changed_s=time.monotonic() - begin)
    except TimeoutError:
        return Outing(opened_s=opened_s, fault="the list did not change")
    finally:
        await socket.disconnect()

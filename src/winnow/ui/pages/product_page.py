"""One item: its picture, what is said of it, and what is like it."""

import asyncio
from typing import Any

from fastapi import Request
from nicegui import ui

from winnow.ui.card import CardManner, picture
from winnow.ui.fault import Fault
from winnow.ui.frame import Frame
from winnow.ui.notice import fault_notice
from winnow.ui.shelf import shelf, title
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.visit import Visit

ON_A_SHELF = 12


def add_product_page(site: Site) -> None:
    """Adds `/items/{item_id}`."""

    @ui.page("/items/{item_id:path}", title=site.settings.name, response_timeout=30)
    async def product(request: Request, item_id: str) -> None:
        visit = Visit.read(request.query_params.multi_items())
        found, similar = await asyncio.gather(
            site.service.ask(lambda client: client.item(item_id)),
            site.service.ask(lambda client: client.similar(item_id, ON_A_SHELF)),
        )
        here = ShownItem(item_id=item_id, title=item_id).page
        with Frame(site=site, visit=visit, here=here, taken=_taken) as frame:
            if isinstance(found, Fault):
                fault_notice(found)
                return
            manner = CardManner(address=frame.address, currency=site.settings.currency)
            _told(ShownItem.of(found["card"] | {"item_id": item_id}), found["card"], manner)
            if not isinstance(similar, Fault) and similar["items"]:
                shelf("Similar", "What the same visitors want", ShownItem.all_of(similar), manner)


async def _taken(visit: Visit, what: str) -> None:
    """Nothing on this page depends on the visit yet but its links."""


def _told(item: ShownItem, card: Any, manner: CardManner) -> None:
    with ui.element("section").classes("product"):
        with ui.element("div").classes("product-picture"):
            picture(item)
        with ui.element("div"):
            ui.label(item.category).classes("card-category")
            title(item.title, level=1)
            ui.label(manner.priced(item)).classes("product-price")
            ui.label(str(card.get("description") or "")).classes("muted")

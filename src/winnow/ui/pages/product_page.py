"""One item: its picture, what is said of it, and what is like it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import Request
from nicegui import ui

from winnow.schema.schema import EventType
from winnow.ui.card import BUTTONS, CardManner, picture
from winnow.ui.fault import Fault, FaultKind
from winnow.ui.frame import FROM, Frame
from winnow.ui.likeness_ways import likeness_ways
from winnow.ui.notice import fault_notice
from winnow.ui.shelf import shelf, title
from winnow.ui.shop import Shop
from winnow.ui.shown_item import ShownItem
from winnow.ui.similar_shelf import BY, ON_A_SHELF, SimilarShelf
from winnow.ui.site import Site
from winnow.ui.visit import WANTED, Visit
from winnow.ui.wanted import said

DONE = {
    EventType.CART: "In your cart",
    EventType.PURCHASE: "Bought. Thank you",
    EventType.DISMISS: "You will not see it again",
}
TITLE = "title"


def add_product_page(site: Site) -> None:
    """Adds `/items/{item_id}`."""

    @ui.page("/items/{item_id:path}", title=site.settings.name, response_timeout=30)
    async def product(request: Request, item_id: str) -> None:
        pairs = request.query_params.multi_items()
        own = [(name, value) for name, value in pairs if name in {FROM, BY}]
        visit = Visit.read(pairs)
        page = ProductPage(site, item_id)
        here = ShownItem(item_id=item_id, title=item_id).page
        visit = visit if visit.is_named else site.first_visit(visit)
        with Frame(site=site, visit=visit, here=here, taken=page.take, own=own, said=pairs) as frame:
            await page.open(frame)


@dataclass(slots=True, repr=False)
class ProductPage:
    """One open page of one item.

    Attributes:
        site: of all pages.
        item_id: outside name.
    """

    site: Site
    item_id: str
    _frame: Frame = field(init=False)
    _shop: Shop = field(init=False)
    _similar: SimilarShelf | None = None
    _page: ui.element = field(init=False)
    _done: ui.label = field(init=False)
    _looked: tuple[str, str] = ("", "")

    async def open(self, frame: Frame) -> None:
        """Draws the page, and reports that the visitor looks at the item."""
        self._frame = frame
        self._page = ui.element("div")
        await self._show()

    async def take(self, visit: Visit, what: str) -> None:
        """Goes on for another visit, perhaps of somebody else, who looks at the item, too."""
        await (self._show_similar() if self._looked == visit.visitor else self._show())

    async def _show(self) -> None:
        found, self._shop = await asyncio.gather(
            self.site.service.ask(lambda client: client.item(self.item_id)), self.site.shop.ask()
        )
        self._page.clear()
        if isinstance(found, Fault):
            with self._page:
                self._not_there(found)
            return
        card = found["card"]
        item = ShownItem.of({**card, "item_id": self.item_id}, self._shop, dict(self._frame.own).get(FROM, ""))
        ui.page_title(f"{item.title} - {self.site.settings.name}")
        with self._page:
            self._told(item, card)
            self._draw_similar()
            popular = ui.element("div")
        await asyncio.gather(self._look(item), self._show_similar(), self._show_popular(item, popular))

    async def _look(self, item: ShownItem) -> None:
        self._looked = self._frame.visit.visitor
        await self._frame.tell(item, EventType.CLICK)

    def _not_there(self, fault: Fault) -> None:
        title("No such item" if fault.kind is FaultKind.REFUSED else "Product", level=1)
        with fault_notice(fault, self._show), ui.element("a").classes("button is-quiet") as link:
            link.props["href"] = self._frame.address("/catalogue")
            ui.label("To the catalogue")

    def _told(self, item: ShownItem, card: Mapping[str, Any]) -> None:
        with ui.element("section").classes("product"):
            with ui.element("div").classes("product-picture"):
                picture(item)
            with ui.element("div").classes("product-words"):
                if item.category:
                    self._category(item.category, card)
                title(item.title, level=1)
                ui.label(self._manner().priced(item)).classes("product-price")
                for name in self._shop.texts:
                    if name != TITLE:
                        ui.label(str(card.get(name) or "")).classes("muted")
                self._facts(card, item)
                self._buttons(item)

    def _category(self, category: str, card: Mapping[str, Any]) -> None:
        name = next(each for each in self._shop.categories if card.get(each))
        link = ui.element("a").classes("card-category")
        link.props["href"] = self._frame.visit.at("/catalogue", [(f"{WANTED}{name}", category)])
        with link:
            ui.label(category)

    def _facts(self, card: Mapping[str, Any], item: ShownItem) -> None:
        told = {TITLE, self._shop.price, *self._shop.texts, *self._shop.pictures}
        told |= {next((each for each in self._shop.categories if card.get(each)), "")} if item.category else set()
        facts = {name: value for name, value in card.items() if value not in (None, "") and name not in told}
        if not facts:
            return
        with ui.element("dl").classes("facts"):
            for name, value in facts.items():
                with ui.element("div"):
                    with ui.element("dt"):
                        ui.label(said(name))
                    with ui.element("dd"):
                        ui.label(f"{value}")

    def _buttons(self, item: ShownItem) -> None:
        with ui.element("div").classes("product-buttons"):
            for kind, icon, words in BUTTONS:
                button = ui.element("button").props("type=button").on("click", partial(self._act, item, kind), args=[])
                button.classes("button" if kind is EventType.CART else "button is-quiet").props["data-act"] = kind.value
                with button:
                    ui.icon(icon)
                    ui.label(words)
            self._done = ui.label().classes("product-done").props("role=status")

    async def _act(self, item: ShownItem, kind: EventType) -> None:
        if not await self._frame.tell(item, kind):
            self._done.text = f"{DONE[kind]}."

    def _draw_similar(self) -> None:
        self._similar = None
        if ways := likeness_ways(self._shop.likeness):
            self._similar = SimilarShelf(
                site=self.site, frame=self._frame, item_id=self.item_id, ways=ways, manner=self._manner()
            )
            self._similar.draw()

    async def _show_similar(self) -> None:
        if self._similar is not None:
            await self._similar.show()

    async def _show_popular(self, item: ShownItem, box: ui.element) -> None:
        category = item.category
        found = await self.site.service.ask(lambda client: client.trending(ON_A_SHELF, category))
        others = [] if isinstance(found, Fault) else ShownItem.all_of(found, self._shop)
        others = [each for each in others if each.item_id != self.item_id]
        if others:
            with box:
                heading = f"In demand in {category}" if category else "In demand"
                shelf(heading, "What all visitors want now", others, self._manner())

    def _manner(self) -> CardManner:
        return CardManner(address=self._frame.product, currency=self.site.settings.currency)

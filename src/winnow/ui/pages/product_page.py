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
from winnow.ui.notice import fault_notice, notice
from winnow.ui.shelf import shelf, title
from winnow.ui.shown_item import CATEGORIES, ShownItem
from winnow.ui.site import Site
from winnow.ui.turn_link import turn_link
from winnow.ui.visit import WANTED, Visit
from winnow.ui.wanted import said

ON_A_SHELF = 12
BY = "by"
WAYS = {
    "picture": ("By picture", "Looks like it", ("picture", "image", "photo")),
    "words": ("By words", "Described alike", ("title,description", "title", "description", "name")),
    "behaviour": ("By behaviour", "People also liked", ("behaviour",)),
}
"""By word in the address: what a way of being similar is called, what it finds, and which parts to try."""
DONE = {
    EventType.CART: "In your cart",
    EventType.PURCHASE: "Bought. Thank you",
    EventType.DISMISS: "You will not see it again",
}
TOLD_ELSEWHERE = {"title", "description", "price", "picture", "image"}


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
        with Frame(site=site, visit=visit, here=here, taken=page.take, own=own) as frame:
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
    _ways: dict[str, ui.element] = field(init=False)
    _similar: ui.element = field(init=False)
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
        found = await self.site.service.ask(lambda client: client.item(self.item_id))
        self._page.clear()
        if isinstance(found, Fault):
            with self._page:
                self._not_there(found)
            return
        item = ShownItem.of({**found["card"], "item_id": self.item_id}, dict(self._frame.own).get(FROM, ""))
        ui.page_title(f"{item.title} - {self.site.settings.name}")
        with self._page:
            self._told(item, found["card"])
            with ui.element("section").classes("similar"):
                # Drawn once: whoever clicks while an answer comes must not click on what is about to go.
                with ui.element("nav").classes("ways").props('aria-label="How items are alike"'):
                    self._ways = {way: self._way(way) for way in WAYS}
                self._similar = ui.element("div")
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
                ui.label(str(card.get("description") or "")).classes("muted")
                _facts(card)
                self._buttons(item)

    def _category(self, category: str, card: Mapping[str, Any]) -> None:
        name = next(each for each in CATEGORIES if card.get(each))
        link = ui.element("a").classes("card-category")
        link.props["href"] = self._frame.visit.at("/catalogue", [(f"{WANTED}{name}", category)])
        with link:
            ui.label(category)

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

    async def _show_similar(self) -> None:
        way = self._wanted()
        answer = await self._like(way)
        if way != self._wanted():
            return  # another one was asked for meanwhile
        self._similar.clear()
        with self._similar:
            if isinstance(answer, Fault):
                fault_notice(answer, self._show_similar)
            elif not answer["items"]:
                notice("Nothing is like it", "This item lacks what it would be compared by.", "Try another way.")
            else:
                shelf(WAYS[way][1], f"Similar {WAYS[way][0].lower()}", ShownItem.all_of(answer), self._manner())
        for each, link in self._ways.items():
            link.props["href"] = self._frame.visit.at(self._frame.here, self._own(each))
            link.props("aria-current=true") if each == way else link.props(remove="aria-current")

    def _wanted(self) -> str:
        way = dict(self._frame.own).get(BY, "")
        return way if way in WAYS else next(iter(WAYS))

    def _way(self, way: str) -> ui.element:
        frame = self._frame
        address = frame.visit.at(frame.here, self._own(way))
        link = turn_link(address, lambda: frame.take(frame.visit, own=self._own(way)), f"by {way}").classes("way")
        with link:
            ui.label(WAYS[way][0])
        return link

    def _own(self, way: str) -> list[tuple[str, str]]:
        return [*((name, value) for name, value in self._frame.own if name != BY), (BY, way)]

    async def _like(self, way: str) -> Any:
        found: Any = None
        for by in WAYS[way][2]:
            found = await self.site.service.ask(lambda client, by=by: client.similar(self.item_id, ON_A_SHELF, by))
            if not (isinstance(found, Fault) and found.kind is FaultKind.REFUSED):
                break
        return found

    async def _show_popular(self, item: ShownItem, box: ui.element) -> None:
        category = item.category
        found = await self.site.service.ask(lambda client: client.trending(ON_A_SHELF, category))
        others = [] if isinstance(found, Fault) else ShownItem.all_of(found)
        others = [each for each in others if each.item_id != self.item_id]
        if others:
            with box:
                heading = f"In demand in {category}" if category else "In demand"
                shelf(heading, "What all visitors want now", others, self._manner())

    def _manner(self) -> CardManner:
        return CardManner(address=self._frame.product, currency=self.site.settings.currency)


def _facts(card: Mapping[str, Any]) -> None:
    facts = {name: value for name, value in card.items() if value not in (None, "") and name not in TOLD_ELSEWHERE}
    facts = {name: value for name, value in facts.items() if name not in CATEGORIES}
    if not facts:
        return
    with ui.element("dl").classes("facts"):
        for name, value in facts.items():
            with ui.element("div"):
                with ui.element("dt"):
                    ui.label(said(name))
                with ui.element("dd"):
                    ui.label(f"{value}")

"""How the last answer came about: from many to few, item by item; what was lost; who the visitor is taken for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import ui

from winnow.api.limits import MAX_ID_CHARS
from winnow.ui.change import Change
from winnow.ui.change_strip import change_strip
from winnow.ui.deletion_buttons import deletion_buttons
from winnow.ui.fault import Fault
from winnow.ui.frame import Frame
from winnow.ui.glass.funnel import Funnel
from winnow.ui.glass.funnel_picture import FunnelPicture
from winnow.ui.glass.funnel_rows import funnel_bars, funnel_table, time_bar
from winnow.ui.glass.item_way import ItemWay
from winnow.ui.glass.known_card import known_card
from winnow.ui.glass.stage_words import as_ms
from winnow.ui.glass.ways_list import ways_list
from winnow.ui.glass.why_box import WhyBox
from winnow.ui.known import DONE, known_of
from winnow.ui.look import add_sheet
from winnow.ui.notice import fault_notice, notice
from winnow.ui.shelf import title
from winnow.ui.shop import Shop
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.visit import Visit

PATH, WHY = "/glass-house", "why"
OFFERED = 3
WHOLE = "The answer holds as many items as ever."
EMPTY = ("Nothing fits", "No item may be shown for what was asked.", "Take a filter away, or reset.")


def add_glass_house_page(site: Site) -> None:
    """Adds `/glass-house`; `?why=ITEM` asks about an item at once."""

    @ui.page(PATH, title=f"Glass house - {site.settings.name}", response_timeout=30)
    async def glass_house(request: Request) -> Response | None:
        pairs = request.query_params.multi_items()
        visit = Visit.read(pairs)
        if not visit.is_named:
            return RedirectResponse(site.named(PATH, pairs))
        add_sheet("glass.css")
        page = GlassHousePage(site)
        with Frame(site=site, visit=visit, here=PATH, taken=page.take, said=pairs) as frame:
            await page.open(frame, request.query_params.get(WHY, "")[:MAX_ID_CHARS])
        return None


@dataclass(slots=True)
class GlassHousePage:
    """One open glass house of one visitor.

    Attributes:
        site: of all pages.
    """

    site: Site
    _frame: Frame = field(init=False)
    _answer: ui.element = field(init=False)
    _known: ui.element = field(init=False)
    _why: WhyBox = field(init=False)
    _shop: Shop = field(init=False)
    _shown: Sequence[ShownItem] = ()
    _request_id: str = ""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, frame: Frame, why: str) -> None:
        """Draws the page for the first time.

        Args:
            frame: around it.
            why: id of an item that is asked about at once; empty for none.
        """
        self._frame = frame
        self._why = WhyBox(
            site=self.site,
            visit=lambda: self._frame.visit,
            answer=lambda: self._request_id,
            asked=self._write_address,
        )
        title("Glass house", level=1)
        self._answer = ui.element("div")
        with ui.element("div").classes("two"):
            with ui.element("section").classes("panel").props("id=why"):
                title("Why not?")
                ui.label("Any item, and the stage that lost it.").classes("muted")
                why_not = ui.element("div")
            self._known = ui.element("section").classes("panel").props("id=known")
        trending, _ = await asyncio.gather(
            self.site.service.ask(lambda client: client.trending(4 * OFFERED)), self._show("")
        )
        with why_not:
            self._why.draw(self._worth_asking(trending))
        if why:
            await self._why.ask(why)

    async def take(self, visit: Visit, what: str) -> None:
        """Shows how the answer to another visit comes about."""
        async with self._turn:
            await self._show(what)
            if self._why.item_id:
                await self._why.ask(self._why.item_id)

    async def _show(self, what: str) -> None:
        visit, service = self._frame.visit, self.site.service
        request = visit.request(trace=True)
        answer, state = await asyncio.gather(
            service.ask(lambda client: client.call("POST", "/v1/recommendations", request)),
            known_of(service, visit, DONE),
        )
        self._shop = await self.site.shop.of(answer)
        self._answer.clear()
        with self._answer:
            self._show_answer(answer, what)
        self._known.clear()
        with self._known:
            self._show_known(state)

    def _show_answer(self, answer: Any, what: str) -> None:
        if isinstance(answer, Fault):
            fault_notice(answer, lambda: self.take(self._frame.visit, ""))
            return
        self._request_id = answer["request_id"]
        funnel, items = Funnel.of(answer["trace"]), ShownItem.all_of(answer, self._shop)
        ui.label(_summary(funnel, answer["bundle"])).classes("lead")
        change = Change(before=self._shown, after=items)
        self._shown = items
        if what:
            change_strip(change, what)
        if funnel.faulty:
            notice("Simpler than usual", funnel.trouble, WHOLE, icon="warning_amber")
        with ui.element("section").classes("panel is-picture"):
            title("From many to few")
            ui.html(FunnelPicture(funnel, items).drawn() + funnel_bars(funnel), sanitize=False)
            ui.html(time_bar(funnel) + funnel_table(funnel), sanitize=False)
        with ui.element("section").classes("panel"):
            title("How each item got here")
            if items:
                ways = [ItemWay.of(each) for each in answer["items"]]
                ui.html(ways_list(items, ways, self._frame.address), sanitize=False)
            else:
                notice(*EMPTY)

    def _show_known(self, state: Any) -> None:
        title("The visitor as the system sees them")
        if isinstance(state, Fault):
            fault_notice(state, lambda: self.take(self._frame.visit, ""))
            return
        name = self._frame.visit.user_id or "A visitor without a name"
        ui.label(name).classes("known-name")
        ui.html(known_card(state, self._frame.address), sanitize=False)
        ui.label("Is that wrong? Take it back, and see at once what changes.").classes("muted")
        with ui.element("div").classes("panel-buttons"):
            deletion_buttons(self.site, self._frame, self.take)

    def _worth_asking(self, trending: Any) -> list[ShownItem]:
        shown = {each.item_id for each in self._shown}
        found = [] if isinstance(trending, Fault) else ShownItem.all_of(trending, self._shop)
        return [each for each in found if each.item_id not in shown][:OFFERED]

    def _write_address(self, item_id: str) -> None:
        pairs = [*self._frame.visit.pairs(), (WHY, item_id)]
        ui.navigate.history.replace(f"{PATH}?{urlencode(pairs)}")


def _summary(funnel: Funnel, bundle: str) -> str:
    few = f"{funnel.answered:,} item" + ("" if funnel.answered == 1 else "s")
    return f"{few} out of {funnel.proposed:,} proposals, in {as_ms(funnel.ms)}, by the bundle {bundle}."

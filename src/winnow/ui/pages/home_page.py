"""The shop's first page: what is recommended, what is in demand, and what is like the last thing looked at."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import ui

from winnow.schema.schema import EventType
from winnow.ui.card import CardManner, card
from winnow.ui.change import Change
from winnow.ui.change_strip import change_strip
from winnow.ui.deletion_buttons import deletion_buttons
from winnow.ui.fault import Fault
from winnow.ui.filter_chips import filter_chips
from winnow.ui.frame import Frame
from winnow.ui.known import DONE, known_of
from winnow.ui.notice import fault_notice, notice
from winnow.ui.shelf import shelf, title
from winnow.ui.shop import Shop
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.visit import Visit

ON_A_SHELF = 12
WHAT = {
    EventType.CLICK: "You looked at {}",
    EventType.CART: "You put {} into the cart",
    EventType.PURCHASE: "You bought {}",
    EventType.DISMISS: "You do not want {}",
}
LOOKED_AT = {EventType.CLICK, EventType.CART, EventType.PURCHASE}
UNKNOWN = (
    "Nobody knows this visitor yet",
    "The service has seen nothing of them, so this is what it shows a stranger.",
    "Look at something, and the list becomes theirs.",
)


def add_home_page(site: Site) -> None:
    """Adds `/`."""

    @ui.page("/", title=site.settings.name, response_timeout=30)
    async def home(request: Request) -> Response | None:
        pairs = request.query_params.multi_items()
        visit = Visit.read(pairs)
        if not visit.is_named:
            return RedirectResponse(site.named("/", pairs))
        page = HomePage(site)
        with Frame(site=site, visit=visit, here="/", taken=page.take, said=pairs) as frame:
            await page.open(frame)
        return None


@dataclass(slots=True, repr=False)
class HomePage:
    """One open home page of one visitor.

    Attributes:
        site: of all pages.
    """

    site: Site
    _frame: Frame = field(init=False)
    _recommended: ui.element = field(init=False)
    _shelves: ui.element = field(init=False)
    _shop: Shop = field(default_factory=Shop)
    _shown: Sequence[ShownItem] = ()
    _last: ShownItem | None = None
    _is_unknown: bool = False
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, frame: Frame) -> None:
        """Draws the page for the first time."""
        self._frame = frame
        await self._look_up()
        with ui.element("section").classes("row-of-cards") as self._recommended:
            pass
        self._shelves = ui.element("div")
        await self._show("")
        self._foot()

    async def take(self, visit: Visit, what: str) -> None:
        """Shows what another visit sees; someone else's has its own last item."""
        async with self._turn:
            await self._look_up()
            await self._show(what)

    async def act(self, item: ShownItem, kind: EventType) -> None:
        """Reports what the visitor did, and shows what comes of it."""
        async with self._turn:
            if await self._frame.tell(item, kind):
                return
            self._last, self._is_unknown = item if kind in LOOKED_AT else self._last, False
            await self._show(WHAT[kind].format(item.title), item)

    async def _show(self, what: str, item: ShownItem | None = None) -> None:
        request = self._frame.visit.request()
        recommended, trending, similar = await asyncio.gather(
            self.site.service.ask(lambda client: client.call("POST", "/v1/recommendations", request)),
            self.site.service.ask(lambda client: client.trending(ON_A_SHELF)),
            self._similar(),
        )
        self._shop = await self.site.shop.of(recommended, trending)
        self._show_recommended(recommended, what, item)
        self._show_shelves(trending, similar)

    def _show_recommended(self, answer: Any, what: str, item: ShownItem | None) -> None:
        self._recommended.clear()
        with self._recommended:
            title("Recommended for you", level=1)
            filter_chips(self._frame)
            if isinstance(answer, Fault):
                fault_notice(answer, lambda: self.take(self._frame.visit, ""))
                return
            if self._is_unknown:
                notice(*UNKNOWN, icon="person_search")
            change = Change(before=self._shown, after=ShownItem.all_of(answer, self._shop))
            self._shown = change.after
            if what:
                change_strip(change, what, self._frame.product(item) if item else "")
            if not change.after:
                notice("Nothing fits", "No item may be shown for what was asked.", "Take a filter away, or reset.")
            self._grid(change, answer["request_id"], is_first=not what)

    def _grid(self, change: Change, request_id: str, *, is_first: bool) -> None:
        new, moves, manner = {each.item_id for each in change.new}, change.moves, self._manner()
        self._frame.shows(change.after)
        with ui.element("div").classes("grid") as grid:
            grid.props["data-request"] = request_id
            for item in change.after:
                is_new = not is_first and item.item_id in new
                card(item, manner, "New" if is_new else _moved(moves.get(item.item_id, 0)), is_new=is_new)

    def _show_shelves(self, trending: Any, similar: Any) -> None:
        manner = replace(self._manner(), has_buttons=False)
        self._shelves.clear()
        with self._shelves:
            if self._last is not None and not isinstance(similar, Fault) and similar["items"]:
                heading = f"Because you looked at {self._last.title}"
                shelf(heading, "What the same visitors want", ShownItem.all_of(similar, self._shop), manner)
            if not isinstance(trending, Fault) and trending["items"]:
                shelf("Trending", "Most in demand now", ShownItem.all_of(trending, self._shop), manner)

    async def _similar(self) -> Any:
        if self._last is None:
            return {"items": []}
        item_id = self._last.item_id
        return await self.site.service.ask(lambda client: client.similar(item_id, ON_A_SHELF))

    async def _look_up(self) -> None:
        visit, service = self._frame.visit, self.site.service
        state = await known_of(service, visit, DONE)
        self._last, self._is_unknown = None, False
        if isinstance(state, Fault):
            return
        did = state["events"]
        self._is_unknown = bool(visit.user_id) and not (did or state["features"])
        item_id = next((each["item_id"] for each in did if each["type"] in LOOKED_AT), None)
        if item_id is not None:
            found = await service.ask(lambda client: client.item(item_id))
            self._last = (
                None if isinstance(found, Fault) else ShownItem.of(found["card"] | {"item_id": item_id}, self._shop)
            )

    def _manner(self) -> CardManner:
        return CardManner(address=self._frame.product, currency=self.site.settings.currency, act=self.act)

    def _foot(self) -> None:
        with ui.element("footer").classes("foot"):
            ui.label("What you do here changes what you see.").classes("muted")
            deletion_buttons(self.site, self._frame, self.take)


def _moved(places: int) -> str:
    return "" if not places else f"↑ {places}" if places > 0 else f"↓ {-places}"

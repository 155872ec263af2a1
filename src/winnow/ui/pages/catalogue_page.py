"""All items of the shop, to filter, sort and search."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Request
from nicegui import ui

from winnow.api.catalogue import CatalogueResponse, ValueRange
from winnow.api.limits import MAX_QUERY_CHARS
from winnow.ui.address_number import MAX_PAGE, Pairs
from winnow.ui.browsing import ON_A_PAGE, Browsing
from winnow.ui.card import CardManner, card
from winnow.ui.facets import facets
from winnow.ui.fault import Fault
from winnow.ui.field import choice
from winnow.ui.filter_chips import filter_chips
from winnow.ui.frame import Frame
from winnow.ui.notice import fault_notice, notice
from winnow.ui.pager import pager
from winnow.ui.shelf import title
from winnow.ui.shop import Shop
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.visit import Visit
from winnow.ui.wanted import said

PATH = "/catalogue"
SORTS = {"": "Best match", "popular": "In demand", "new": "New"}
UNFOLD = """(e) => {
  const isOpen = e.currentTarget.parentElement.toggleAttribute("data-open");
  e.currentTarget.setAttribute("aria-expanded", isOpen);
}"""
TYPED_MS = 250
"""After the last letter, the words count."""


def add_catalogue_page(site: Site) -> None:
    """Adds `/catalogue`."""

    @ui.page(PATH, title=f"Catalogue - {site.settings.name}", response_timeout=30)
    async def catalogue(request: Request) -> None:
        pairs = request.query_params.multi_items()
        page, own = CataloguePage(site), Browsing.read(pairs).pairs()
        with Frame(site=site, visit=Visit.read(pairs), here=PATH, taken=page.take, own=own, said=pairs) as frame:
            await page.open(frame)


@dataclass(slots=True, repr=False)
class CataloguePage:
    """One open catalogue. Where in it the visitor is, the address knows.

    Attributes:
        site: of all pages.
    """

    site: Site
    _frame: Frame = field(init=False)
    _shop: Shop = field(init=False)
    _side: ui.element = field(init=False)
    _list: ui.element = field(init=False)
    _sort: ui.element = field(init=False)
    _total: ui.label = field(init=False)
    _sorts: Mapping[str, str] = field(default_factory=dict, init=False)

    async def open(self, frame: Frame) -> None:
        """Draws the page for the first time."""
        self._frame = frame
        with ui.element("div").classes("heading"):
            with ui.element("div"):
                title("Catalogue", level=1)
                self._total = ui.label().classes("muted").props("role=status")
            with ui.element("div").classes("tools finders"):
                self._search()
                self._sort = ui.element("div").classes("sort")
        with ui.element("div").classes("browse"):
            with ui.element("aside").classes("facets").props('aria-label="Filters"'):
                self._unfolding()
                self._side = ui.element("div").classes("facets-inner")
            self._list = ui.element("section").classes("row-of-cards").props('aria-label="Items"')
        await self._show()

    async def take(self, visit: Visit, what: str) -> None:
        """Shows what another visit sees."""
        await self._show()

    async def _show(self) -> None:
        browsing = Browsing.read(self._frame.own)
        asked = browsing.request(self._frame.visit)
        answer = await self.site.service.ask(lambda client: client.catalogue(asked))
        self._shop = await self.site.shop.of(answer)
        self._list.clear()
        if isinstance(answer, Fault):
            self._total.text = ""
            with self._list:
                filter_chips(self._frame)
                fault_notice(answer, self._show)
            return
        self._total.text = _told(answer["total"])
        self._draw_sort(answer["ranges"], browsing)
        self._side.clear()
        with self._side:
            facets(self._frame, answer)
        with self._list:
            filter_chips(self._frame)
            self._items(answer, browsing)

    def _items(self, answer: CatalogueResponse, browsing: Browsing) -> None:
        pages = -(-min(answer["total"], MAX_PAGE * ON_A_PAGE) // ON_A_PAGE)
        if 0 < pages < browsing.page:
            notice("No such page", f"The address says page {browsing.page:,}, and the last one is {pages:,}.")
        elif not pages:
            notice(
                "Nothing fits",
                "No item has all of that.",
                "Take a filter away, or look for fewer words.",
                icon="search_off",
            )
        manner = CardManner(address=self._frame.product, currency=self.site.settings.currency)
        with ui.element("div").classes("grid"):
            for item in ShownItem.all_of(answer, self._shop):
                card(item, manner)
        pager(browsing.page, pages, lambda page: self._at(page=page), lambda page: self._go(page=page))

    def _search(self) -> None:
        field = ui.input(placeholder="Search", value=Browsing.read(self._frame.own).query)
        field.props('dense outlined clearable type=search aria-label="Search the catalogue"').classes("search")
        field.props(f"debounce={TYPED_MS} maxlength={MAX_QUERY_CHARS}")
        with field.add_slot("prepend"):
            ui.icon("search")
        field.on_value_change(lambda event: self._go(query=event.value or ""))

    def _draw_sort(self, ranges: Mapping[str, ValueRange], browsing: Browsing) -> None:
        sorts = SORTS | {
            f"{sign}{name}": f"{said(name)}: {words}"
            for name in ranges
            for sign, words in (("", "low to high"), ("-", "high to low"))
        }
        if sorts == self._sorts or (self._sorts and not ranges):
            return
        self._sorts = sorts
        self._sort.clear()
        with self._sort:
            choice("Sort by", sorts, browsing.sort, lambda sort: self._go(sort=sort))

    def _unfolding(self) -> None:
        with ui.element("button").classes("button is-quiet unfold").props("type=button aria-expanded=false") as button:
            ui.label("Filters")
        button.on("click", js_handler=UNFOLD)

    def _at(self, **changes: Any) -> str:
        return self._frame.visit.at(PATH, self._with(**changes))

    async def _go(self, **changes: Any) -> None:
        await self._frame.take(self._frame.visit, own=self._with(**changes))

    def _with(self, **changes: Any) -> Pairs:
        # Other words and another order are seen from their beginning.
        return replace(Browsing.read(self._frame.own), **{"page": 1} | changes).pairs()


def _told(total: int) -> str:
    return "No items" if not total else "1 item" if total == 1 else f"{total:,} items"

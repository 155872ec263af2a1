"""What stands around every page: the header with its rooms, the controls, the visitor."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from nicegui import ui

from winnow.schema.schema import EventType
from winnow.ui.address_number import PAGE, Pairs, misread
from winnow.ui.controls import Controls
from winnow.ui.fault import Fault
from winnow.ui.icon_button import icon_button
from winnow.ui.impressions import Impressions
from winnow.ui.notice import notice
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.visit import Visit

ROOMS = (("Shop", "/"), ("Catalogue", "/catalogue"), ("Glass house", "/glass-house"), ("Operations", "/operations"))
FROM = "from"
"""In the address of an item's page: the answer that led to it."""
Taken = Callable[[Visit, str], Awaitable[None]]
"""Called with a visit that a control has changed, and with what it changed, in words."""


@dataclass(slots=True, kw_only=True, repr=False)  # the framework prints whose method it calls, at each call
class Frame:
    """A page's frame, as `with Frame(...):` around what the page shows. It knows the visit, and the address follows it.

    Attributes:
        site: of all pages.
        visit: of this page, as it is now.
        here: the path of this page.
        taken: shows the page again, for a visit that a control has changed.
        own: what the address of this page says besides the visit.
        said: the address's query as it came; what cannot be read of it is told.
    """

    site: Site
    visit: Visit
    here: str
    taken: Taken
    own: Pairs = ()
    said: Pairs = ()
    _links: list[tuple[str, ui.element]] = field(default_factory=list, init=False)
    _visitor: ui.label = field(init=False)
    _main: ui.element = field(init=False)
    _misread: ui.element = field(init=False)
    _controls: Controls = field(init=False)
    _impressions: Impressions = field(init=False)
    _address: str = field(init=False)
    _said: list[str] = field(default_factory=list, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __enter__(self) -> Self:
        self._address = self.visit.at(self.here, self.own)
        drawer = ui.right_drawer(value=False, bordered=True).props("width=320 breakpoint=700").classes("drawer")
        self._controls = Controls(site=self.site, visit=lambda: self.visit, take=self._take, drawer=drawer)
        self._impressions = Impressions(service=self.site.service)
        ui.on("seen", lambda event: self._impressions.report(event.args))
        with ui.element("a").classes("skip").props("href=#content"):
            ui.label("To the content")
        with ui.element("header").classes("top"), ui.element("div").classes("top-inner"):
            self._brand()
            self._rooms()
            self._tools()
        self._main = ui.element("div").classes("page").props("id=content tabindex=-1")
        self._main.__enter__()
        with ui.element("div").classes("misread") as self._misread:
            if wrong := misread(self.said):
                notice("Not everything in the address can be", "\n".join(wrong), icon="link_off")
        return self

    def __exit__(self, *fault: object) -> None:
        self._main.__exit__(*fault)

    async def take(self, visit: Visit, what: str = "", own: Pairs | None = None) -> None:
        """Goes on with another visit: the address, the links, the controls and the page follow.

        Args:
            visit: from now on.
            what: changed, in words.
            own: what the address says besides, from now on; None: what it said.
        """
        await self._take(visit, what, own)
        await self._controls.follow()

    async def tell(self, item: ShownItem, kind: EventType) -> Fault | None:
        """Reports what the visitor did; where the service does not take it, the page says so."""
        event = self.visit.event(item.item_id, kind, item.request_id)
        told = await self.site.service.ask(lambda client: client.events([event]))
        if not isinstance(told, Fault):
            return None
        ui.notify(f"{told.title}. {told.sentence}", type="warning", position="bottom", multi_line=True)
        return told

    def shows(self, items: Sequence[ShownItem]) -> None:
        """Has items count as shown once they are in view: what lies in an element with `data-request`."""
        self._impressions.expect(self.visit, items)

    def address(self, path: str) -> str:
        """Of another page of this visit."""
        return self.visit.at(path)

    def product(self, item: ShownItem) -> str:
        """The address of an item's page, which knows the answer that led to it."""
        return self.visit.at(item.page, [(FROM, item.request_id)] if item.request_id else ())

    def at(self, visit: Visit) -> str:
        """The address of this page for another visit."""
        return visit.at(self.here, self._own_of(visit))

    def _own_of(self, visit: Visit) -> Pairs:
        # Another list is seen from its beginning, and no answer to one visitor has led another one here.
        lost = {PAGE} if visit.filters != self.visit.filters else set[str]()
        lost |= {FROM} if visit.visitor != self.visit.visitor else set[str]()
        return [(name, value) for name, value in self.own if name not in lost]

    async def _take(self, visit: Visit, what: str, own: Pairs | None = None) -> None:
        self.own = self._own_of(visit) if own is None else own
        self.visit = visit
        self._misread.clear()
        if (address := self.at(visit)) != self._address:
            self._address = address
            ui.navigate.history.push(address)
        for path, link in self._links:
            link.props["href"] = visit.at(path)
            link.update()
        self._name_visitor()
        self._said.append(what)
        async with self._turn:
            if self._said:  # else the turn before has shown what this one asked for, too
                said, self._said = [each for each in dict.fromkeys(self._said) if each], []
                await self.taken(self.visit, ", ".join(said[:1] + [each.lower() for each in said[1:]]))

    def _brand(self) -> None:
        with self._link("/").classes("brand"):
            ui.label(self.site.settings.name)

    def _rooms(self) -> None:
        with ui.element("nav").classes("rooms").props('aria-label="Pages"'):
            for name, path in ROOMS:
                with self._link(path) as link:
                    ui.label(name)
                if path == self.here:
                    link.props("aria-current=page")

    def _tools(self) -> None:
        with ui.element("div").classes("tools"):
            with ui.element("button").classes("visitor").props("type=button") as button:
                button.props["aria-label"] = "Visitor and controls"
                ui.icon("person_outline")
                self._visitor = ui.label().classes("visitor-name")
                ui.icon("tune")
            button.on("click", self._controls.toggle)
            icon_button("contrast", "Light or dark").on("click", js_handler="() => toggleTheme()")
        self._name_visitor()

    def _name_visitor(self) -> None:
        self._visitor.text = self.visit.user_id or "New visitor"

    def _link(self, path: str) -> ui.element:
        link = ui.element("a")
        link.props["href"] = self.visit.at(path)
        self._links.append((path, link))
        return link

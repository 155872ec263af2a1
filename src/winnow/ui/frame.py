"""What stands around every page: the header with its three rooms, the controls, the visitor."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from nicegui import ui

from winnow.ui.controls import controls
from winnow.ui.icon_button import icon_button
from winnow.ui.site import Site
from winnow.ui.visit import Visit

ROOMS = (("Shop", "/"), ("Catalogue", "/catalogue"), ("Glass house", "/glass-house"), ("Operations", "/operations"))
Taken = Callable[[Visit, str], Awaitable[None]]
"""Called with a visit that a control has changed, and with what it changed, in words."""


@dataclass(slots=True, kw_only=True)
class Frame:
    """A page's frame, as `with Frame(...):` around what the page shows. It knows the visit, and the address follows it.

    Attributes:
        site: of all pages.
        visit: of this page, as it is now.
        here: the path of this page.
        taken: shows the page again, for a visit that a control has changed.
    """

    site: Site
    visit: Visit
    here: str
    taken: Taken
    _links: list[tuple[str, ui.element]] = field(default_factory=list, init=False)
    _visitor: ui.label = field(init=False)
    _main: ui.element = field(init=False)

    def __enter__(self) -> Self:
        drawer = ui.right_drawer(value=False, bordered=True).props("width=320 breakpoint=700").classes("drawer")
        with ui.element("a").classes("skip").props("href=#content"):
            ui.label("To the content")
        with ui.element("header").classes("top"), ui.element("div").classes("top-inner"):
            self._brand()
            self._rooms()
            self._tools(drawer)
        with drawer:
            controls(self.site, lambda: self.visit, self.take)
        self._main = ui.element("div").classes("page").props("id=content")
        self._main.__enter__()
        return self

    def __exit__(self, *fault: object) -> None:
        self._main.__exit__(*fault)

    async def take(self, visit: Visit, what: str) -> None:
        """Goes on with another visit: the address, the links and the page follow.

        Args:
            visit: from now on.
            what: changed, in words.
        """
        self.visit = visit
        ui.navigate.history.replace(visit.at(self.here))
        for path, link in self._links:
            link.props["href"] = visit.at(path)
            link.update()
        self._name_visitor()
        await self.taken(visit, what)

    def address(self, path: str) -> str:
        """Of another page of this visit."""
        return self.visit.at(path)

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

    def _tools(self, drawer: ui.right_drawer) -> None:
        with ui.element("div").classes("tools"):
            with ui.element("button").classes("visitor").props("type=button").on("click", drawer.toggle) as button:
                button.props["aria-label"] = "Visitor and controls"
                ui.icon("person_outline")
                self._visitor = ui.label().classes("visitor-name")
                ui.icon("tune")
            icon_button("contrast", "Light or dark").on("click", js_handler="() => toggleTheme()")
        self._name_visitor()

    def _name_visitor(self) -> None:
        self._visitor.text = self.visit.user_id or "New visitor"

    def _link(self, path: str) -> ui.element:
        link = ui.element("a")
        link.props["href"] = self.visit.at(path)
        self._links.append((path, link))
        return link

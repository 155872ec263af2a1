"""What is like an item, in one way after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nicegui import ui

from winnow.ui.card import CardManner
from winnow.ui.fault import Fault
from winnow.ui.frame import Frame
from winnow.ui.likeness_ways import LikenessWay
from winnow.ui.notice import fault_notice, notice
from winnow.ui.shelf import shelf
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.turn_link import turn_link

ON_A_SHELF = 12
BY = "by"
"""In an address: the way."""


@dataclass(slots=True, kw_only=True, repr=False)
class SimilarShelf:
    """One shelf on the page of an item.

    Attributes:
        site: of all pages.
        frame: of the page; its address says the way.
        item_id: that the others are like.
        ways: of being alike by their words in the address, at least one.
        manner: of the cards.
    """

    site: Site
    frame: Frame
    item_id: str
    ways: Mapping[str, LikenessWay]
    manner: CardManner
    _links: dict[str, ui.element] = field(init=False)
    _found: ui.element = field(init=False)

    def draw(self) -> None:
        """Draws the names of the ways, and room for what is found."""
        with ui.element("section").classes("similar"):
            # Drawn once: whoever clicks while an answer comes must not click on what is about to go.
            with ui.element("nav").classes("ways").props('aria-label="How items are alike"'):
                self._links = {word: self._link(word) for word in self.ways}
            self._found = ui.element("div")

    async def show(self) -> None:
        """Finds what is like the item in the way of the address."""
        word = self._wanted()
        way = self.ways[word]
        answer = await self.site.service.ask(lambda client: client.similar(self.item_id, ON_A_SHELF, way.by))
        if word != self._wanted():
            return  # another one was asked for meanwhile
        items = [] if isinstance(answer, Fault) else ShownItem.all_of(answer, await self.site.shop.of(answer))
        self._found.clear()
        with self._found:
            if isinstance(answer, Fault):
                fault_notice(answer, self.show)
            elif not items:
                notice("Nothing is like it", "No other item may be shown.", "Try again later.")
            else:
                shelf(way.finds, f"Similar {way.name[:1].lower()}{way.name[1:]}", items, self.manner)
        for each, link in self._links.items():
            link.props["href"] = self.frame.visit.at(self.frame.here, self._own(each))
            link.props("aria-current=true") if each == word else link.props(remove="aria-current")

    def _wanted(self) -> str:
        word = dict(self.frame.own).get(BY, "")
        return word if word in self.ways else next(iter(self.ways))

    def _link(self, word: str) -> ui.element:
        frame = self.frame
        address = frame.visit.at(frame.here, self._own(word))
        link = turn_link(address, lambda: frame.take(frame.visit, own=self._own(word)), f"by {word}").classes("way")
        with link:
            ui.label(self.ways[word].name)
        return link

    def _own(self, word: str) -> list[tuple[str, str]]:
        return [*((name, value) for name, value in self.frame.own if name != BY), (BY, word)]

"""A box in which any item is typed, to see which stage lost it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from winnow.api.catalogue import CatalogueRequest
from winnow.api.limits import MAX_ID_CHARS, MAX_QUERY_CHARS
from winnow.ui.fault import Fault
from winnow.ui.glass.way_picture import way_picture
from winnow.ui.glass.ways_list import thumb
from winnow.ui.glass.why_asked import why_asked
from winnow.ui.notice import fault_notice
from winnow.ui.shown_item import ShownItem
from winnow.ui.site import Site
from winnow.ui.visit import Visit

SUGGESTED = 6


@dataclass(slots=True, kw_only=True)
class WhyBox:
    """One box on one page.

    Attributes:
        site: of all pages.
        visit: as it is at the time of a question.
        answer: request id of the answer that the page shows; empty for none.
        asked: called with the id of each item that is asked about.
    """

    site: Site
    visit: Callable[[], Visit]
    answer: Callable[[], str]
    asked: Callable[[str], None]
    item_id: str = ""
    _input: ui.input = field(init=False)
    _suggestions: ui.element = field(init=False)
    _answer: ui.element = field(init=False)
    _typed: str = ""
    _found: Sequence[ShownItem] = ()

    def draw(self, offered: Sequence[ShownItem]) -> None:
        """Draws the box.

        Args:
            offered: items that may be worth a question.
        """
        self._input = ui.input("An item: words of its title, or its id", on_change=self._suggest)
        self._input.classes("wide").props(f"outlined debounce=150 maxlength={MAX_QUERY_CHARS}")
        # What the box holds as the key goes down: the words that suggestions are for come a moment later.
        self._input.on("keydown.enter", self._take_typed, js_handler="(e) => emit(e.target.value)")
        self._suggestions = ui.element("div").classes("suggestions").props('role=group aria-label="Suggestions"')
        self._offer(offered)
        self._answer = ui.element("div").classes("why-answer").props("aria-live=polite")

    async def ask(self, item_id: str) -> None:
        """Shows the way of an item."""
        self.item_id = item_id
        self.asked(item_id)
        request = why_asked(self.visit(), item_id, self.answer())
        why = await self.site.service.ask(lambda client: client.why(request))
        self._answer.clear()
        with self._answer:
            if isinstance(why, Fault):
                fault_notice(why, partial(self.ask, item_id))
                return
            ui.label(why["sentence"]).classes("why-sentence")
            ui.html(way_picture(why), sanitize=False)

    async def _suggest(self) -> None:
        self._typed = typed = (self._input.value or "").strip()
        if not typed:
            return
        request = CatalogueRequest(query=typed, limit=SUGGESTED)
        found: Any = await self.site.service.ask(lambda client: client.catalogue(request))
        # Answers may come in another order than their questions.
        if typed == self._typed and not isinstance(found, Fault):
            self._offer(ShownItem.all_of(found, await self.site.shop.of(found)))

    def _offer(self, items: Sequence[ShownItem]) -> None:
        self._found = items
        self._suggestions.clear()
        with self._suggestions:
            for item in items:
                button = ui.element("button").classes("suggestion").props("type=button")
                button.props["data-item"] = item.item_id
                with button.on("click", partial(self.ask, item.item_id), args=[]):
                    ui.html(thumb(item), sanitize=False, tag="span")
                    ui.label(item.title)

    async def _take_typed(self, event: GenericEventArguments) -> None:
        typed = str(event.args).strip()[:MAX_ID_CHARS]
        known = [] if typed != self._typed else [each.item_id for each in self._found]
        if typed:
            await self.ask(typed if typed in known or not known else known[0])

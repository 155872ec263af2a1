"""One item in a shop window."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from winnow.schema.schema import EventType
from winnow.ui.icon_button import icon_button
from winnow.ui.shown_item import ShownItem
from winnow.ui.turn_link import turn_link

Act = Callable[[ShownItem, EventType], Awaitable[None]]
BUTTONS = (
    (EventType.CART, "add_shopping_cart", "Add to cart"),
    (EventType.PURCHASE, "shopping_bag", "Buy now"),
    (EventType.DISMISS, "close", "Not for me"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardManner:
    """How the cards of one list are drawn.

    Attributes:
        address: of an item's page, with the state of the visit.
        currency: sign before the price.
        act: called when the visitor clicks the item or one of its buttons; None: it is a link and has no buttons.
        has_buttons: False where a click is all that is wanted; each button costs every visitor's page time.
    """

    address: Callable[[ShownItem], str]
    currency: str
    act: Act | None = None
    has_buttons: bool = True

    def priced(self, item: ShownItem) -> str:
        """The price as people read it; empty where there is none."""
        return "" if item.price is None else f"{self.currency}{item.price:,.2f}"


def card(item: ShownItem, manner: CardManner, badge: str = "", *, is_new: bool = False) -> ui.element:
    """A card: the picture first, then title, category and price.

    Args:
        item: what it shows.
        manner: shared by the list.
        badge: a word on the picture, such as New.
        is_new: whether the badge stands out.
    """
    with ui.element("article").classes("card") as box:
        box.props["data-item"] = item.item_id
        with _link(item, manner).classes("card-link"):
            picture(item)
            if badge:
                ui.label(badge).classes("badge is-new" if is_new else "badge")
            ui.label(item.title).classes("card-title")
        with ui.element("div").classes("card-foot"):
            with ui.element("div").classes("card-words"):
                ui.label(item.category).classes("card-category")
                ui.label(manner.priced(item)).classes("card-price")
            if manner.act is not None and manner.has_buttons:
                act_buttons(item, manner.act)
    return box


def _link(item: ShownItem, manner: CardManner) -> ui.element:
    if (act := manner.act) is not None:
        link = turn_link(manner.address(item), lambda: act(item, EventType.CLICK))
    else:
        link = ui.element("a")
        link.props["href"] = manner.address(item)
    link.props["title"] = item.title
    return link


def picture(item: ShownItem) -> None:
    """A square picture that fills its box."""
    # Its letters lie below the picture, and are seen where there is none: a missing one without words draws nothing.
    with ui.element("div").classes("picture").style(f"--hue: {item.hue}") as box:
        box.props["data-letters"] = item.initials
        image = ui.element("img").props('alt="" loading=lazy decoding=async width=320 height=320')
        image.props["src"] = item.picture


def act_buttons(item: ShownItem, act: Act) -> None:
    """One round button for each thing that may be done with an item besides looking at it."""
    with ui.element("div").classes("card-buttons"):
        for kind, icon, words in BUTTONS:
            button = icon_button(icon, f"{words}: {item.title}").on("click", partial(act, item, kind), args=[])
            button.props["data-act"] = kind.value

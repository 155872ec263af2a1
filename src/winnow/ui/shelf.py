"""A row of cards below a heading."""

from collections.abc import Sequence

from nicegui import ui

from winnow.ui.card import CardManner, card
from winnow.ui.icon_button import icon_button
from winnow.ui.shown_item import ShownItem

SCROLL = "(e) => e.currentTarget.closest('section').querySelector('.shelf').scrollBy({left: %s600, behavior: 'smooth'})"


def shelf(heading: str, note: str, items: Sequence[ShownItem], manner: CardManner) -> ui.element:
    """A carousel: it scrolls by finger, by wheel, by Tab and by its two buttons.

    Args:
        heading: of the row.
        note: why these, in few words.
        items: in their order; at least one.
        manner: of the cards.
    """
    with ui.element("section").classes("row-of-cards") as section:
        with ui.element("div").classes("heading"):
            with ui.element("div"):
                title(heading)
                ui.label(note).classes("muted")
            with ui.element("div").classes("arrows"):
                for words, icon, sign in (("Back", "chevron_left", "-"), ("On", "chevron_right", "")):
                    icon_button(icon, f"{heading}: {words}").on("click", js_handler=SCROLL % sign)
        with ui.element("div").classes("shelf"):
            for item in items:
                card(item, manner)
    return section


def title(words: str, level: int = 2) -> None:
    """A heading: of a page at level 1, of a part of one at level 2."""
    with ui.element(f"h{level}").classes("title"):
        ui.label(words)

"""What changed, in one strip between the heading and the list."""

from collections.abc import Sequence

from nicegui import ui

from winnow.ui.change import Change
from winnow.ui.shown_item import ShownItem

SHOWN = 10


def change_strip(change: Change, what: str, address: str = "") -> ui.element:
    """A strip that is read aloud: what happened, what is new, what is gone, and where the list went.

    Args:
        change: of the list.
        what: happened, a sentence without its stop.
        address: of the page of the item that it happened to; empty for none.
    """
    with ui.element("section").classes("strip").props('role=status aria-label="What changed"') as strip:
        with ui.element("div").classes("strip-words"):
            ui.label(what).classes("strip-what")
            ui.label(_told(change)).classes("strip-told")
            if address:
                link = ui.element("a").classes("strip-link")
                link.props["href"] = address
                with link:
                    ui.label("See the product")
        if not change.is_none:
            with ui.element("div").classes("strip-sides"):
                _side("Before", change.before, {each.item_id for each in change.gone}, "is-gone")
                ui.icon("arrow_forward").classes("strip-arrow")
                _side("After", change.after, {each.item_id for each in change.new}, "is-new")
                _shift(change)
    return strip


def _told(change: Change) -> str:
    if change.is_none:
        return "The list is the same as before."
    if not change.new:
        return f"The same {len(change.after)} items in another order."
    return f"{len(change.new)} of {len(change.after)} items are new."


def _side(words: str, items: Sequence[ShownItem], marked: set[str], mark: str) -> None:
    with ui.element("div").classes("strip-side"):
        ui.label(words).classes("strip-side-words")
        with ui.element("div").classes("strip-thumbs"):
            for item in items[:SHOWN]:
                _thumb(item, mark if item.item_id in marked else "")


def _thumb(item: ShownItem, mark: str) -> None:
    with ui.element("div").classes(f"thumb {mark}").style(f"--hue: {item.hue}") as thumb:
        thumb.props["title"] = item.title
        thumb.props["data-letters"] = item.initials
        image = ui.element("img").props("width=36 height=36")
        image.props["alt"] = item.title
        image.props["src"] = item.picture


def _shift(change: Change) -> None:
    before, after = change.leaders()
    categories = list(dict.fromkeys(each.category for each in (after, before) if each.category))
    with ui.element("div").classes("strip-shift"):
        ui.label("Leading category").classes("strip-side-words")
        for category in categories:
            was, now = change.shares(category)
            with ui.element("div").classes("shift"):
                ui.label(category).classes("shift-name")
                with ui.element("div").classes("shift-bar").props("aria-hidden=true"):
                    ui.element("div").classes("shift-was").style(f"width: {was:.0%}")
                    ui.element("div").classes("shift-now").style(f"width: {now:.0%}")
                ui.label(f"{was:.0%} → {now:.0%}").classes("shift-told")

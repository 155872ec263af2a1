"""The visitor as the service knows them."""

from collections.abc import Callable

from markupsafe import Markup

from winnow.api.limits import MAX_SHOWN_EVENTS
from winnow.api.visitor_state import KnownEvent, VisitorState
from winnow.ui.glass.ways_list import thumb
from winnow.ui.shown_item import ShownItem

SHOWN = 8
DID = {
    "view": ("visibility", "saw"),
    "click": ("ads_click", "looked at"),
    "cart": ("add_shopping_cart", "put into the cart"),
    "purchase": ("shopping_bag", "bought"),
    "dismiss": ("close", "does not want"),
}
AGES = ((86_400 * 365, "year"), (86_400 * 30, "month"), (86_400, "day"), (3600, "hour"), (60, "minute"))


def known_card(state: VisitorState, address: Callable[[str], str]) -> Markup:
    """What is known: figures, the profile, and the last events, latest first.

    Args:
        state: as the service tells it, with the events of what visitors do.
        address: of an item's page by its path.
    """
    events = Markup("").join(_event(each, address) for each in state["events"][:SHOWN])
    nothing = "Nothing but what they were shown is known." if state["events_known"] else "No events are known."
    told = Markup('<ol class="events">{}</ol>').format(events) if events else _muted(nothing)
    return Markup("{}{}<h3>What they did last</h3>{}{}").format(_figures(state), _profile(state), told, _before(state))


def age_words(seconds: float) -> str:
    """How long ago, roughly."""
    for least, unit in AGES:
        if seconds >= least:
            number = int(seconds // least)
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "just now"


def _before(state: VisitorState) -> str:
    known = len(state["events"])
    least = "at least " if known == MAX_SHOWN_EVENTS else ""
    return _muted(f"and {least}{known - SHOWN:,} before") if known > SHOWN else ""


def _muted(words: str) -> Markup:
    return Markup('<p class="muted">{}</p>').format(words)


def _figures(state: VisitorState) -> Markup:
    figures = (
        ("events", state["events_known"], "events known"),
        ("seen", state["seen"]["items"], "items seen, and hidden"),
        ("past", state["past_events"], "events in training"),
    )
    told = Markup("").join(
        Markup('<div data-figure="{}"><b>{:,}</b><span>{}</span></div>').format(name, number, words)
        for name, number, words in figures
    )
    forgotten = (
        '<p class="is-forgotten">Asked to be forgotten: nothing of before is read.</p>' if state["forgotten"] else ""
    )
    return Markup('<div class="figures-row">{}</div>{}').format(told, Markup(forgotten))  # noqa: S704 - our own words


def _profile(state: VisitorState) -> Markup:
    told_already = {None, state["user_id"]}
    said = {name: value for name, value in state["features"].items() if value not in told_already}
    if not said:
        return Markup('<h3>Profile</h3><p class="muted">The shop has said nothing of this visitor.</p>')
    rows = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name.replace("_", " "), _value(value))
        for name, value in said.items()
    )
    return Markup('<h3>Profile</h3><dl class="profile">{}</dl>').format(rows)


def _value(value: str | float | None) -> str:
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)


def _event(event: KnownEvent, address: Callable[[str], str]) -> Markup:
    icon, did = DID.get(event["type"], ("circle", event["type"]))
    if event["item_id"] is None:
        what = Markup('<span class="muted">an item that is gone</span>')
        picture = Markup('<span class="thumb"></span>')
    else:
        item = ShownItem(item_id=event["item_id"], title=event["title"] or event["item_id"])
        what, picture = Markup('<a href="{}">{}</a>').format(address(item.page), item.title), thumb(item)
    return Markup(
        '<li class="event" data-item="{}" data-type="{}">{}<span class="event-words"><span class="event-did">'
        '<i data-icon="{}" aria-hidden="true"></i>{} · {}</span>{}</span></li>'
    ).format(event["item_id"] or "", event["type"], picture, icon, did, age_words(event["age_s"]), what)

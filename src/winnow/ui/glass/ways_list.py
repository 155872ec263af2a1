"""How each item of an answer got there, beside the order that retrieval alone would have given."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from winnow.api.item_way import SourceNamed
from winnow.ui.glass.item_way import ItemWay
from winnow.ui.glass.stage_words import ordinal, source_hue, source_words
from winnow.ui.glass.tile import tile
from winnow.ui.shown_item import ShownItem

ROW, WIDE, TILE = 84, 250, 34
"""Of a row and of the lines beside the rows, in pixels; on narrow screens there are none."""
CHIPS = 3


def ways_list(items: Sequence[ShownItem], ways: Sequence[ItemWay], address: Callable[[str], str]) -> Markup:
    """A list in the order of the answer, with lines from the order of retrieval over that of ranking.

    Args:
        items: of the answer, in its order.
        ways: of each of them.
        address: of an item's page by its path.
    """
    scores = [way.score or 0.0 for way in ways]
    least, spread = min(scores), max(max(scores) - min(scores), 1e-9)
    shares = [0.12 + 0.88 * (score - least) / spread for score in scores]
    retrieved = _places([way.retrieved for way in ways])
    rows = Markup("").join(
        map(_row, items, ways, zip(shares, retrieved, strict=True), (address(item.page) for item in items))
    )
    lines = _lines(items, ways, retrieved)
    return Markup('<div class="ways">{}<ol class="ways-rows">{}</ol></div>').format(lines, rows)


def _row(item: ShownItem, way: ItemWay, figures: tuple[float, int], address: str) -> Markup:
    share, retrieved = figures
    move = "is-up" if way.move > 0 else "is-down" if way.move < 0 else ""
    return Markup(
        '<li class="way" data-item="{}"><span class="way-rank">{}</span>{}<div class="way-words">'
        '<a href="{}" class="way-title">{}</a><span class="way-reason">{}'
        '<span class="way-retrieved"> Retrieval alone would have put it {} of these.</span></span></div>'
        '<div class="chips">{}</div><div class="way-score">{}<span class="way-bar" aria-hidden="true">'
        '<i style="width: {:.0f}%"></i></span></div><span class="way-move {}">{}</span></li>'
    ).format(
        item.item_id, way.rank, thumb(item), address, item.title, way.reason, ordinal(retrieved + 1),
        _chips(way.proposals), _figures(way), 100 * share, move, way.moved,
    )  # fmt: skip


def thumb(item: ShownItem) -> Markup:
    """A small picture that says nothing: the title stands beside it."""
    return Markup(
        '<span class="thumb" style="--hue: {}" data-letters="{}">'
        '<img src="{}" alt="" width="52" height="52" loading="lazy"></span>'
    ).format(item.hue, item.initials, item.picture)


def _figures(way: ItemWay) -> Markup:
    place, chance = way.told["place"], way.told["chance"]
    score = "no score" if way.score is None else f"{way.score:.2f}"
    more = [] if place is None else [f"{ordinal(place)} by score"]
    more += [] if chance is None else [f"{chance:.1%} chance of a click"]
    told = Markup("").join(Markup("<span>{}</span>").format(each) for each in more)
    return Markup('<span class="way-figures"><b>{}</b>{}</span>').format(score, told)


def _chips(proposals: Sequence[SourceNamed]) -> Markup:
    chips = [
        Markup('<span class="chip" style="--hue: {}" title="{}: score {}">{} <b>{}</b></span>').format(
            source_hue(each["source"]),
            each["source"],
            "none" if each["score"] is None else f"{each['score']:.3g}",
            source_words(each["source"]),
            ordinal(each["rank"]),
        )
        for each in proposals[:CHIPS]
    ]
    if (more := len(proposals) - CHIPS) > 0:
        rest = ", ".join(source_words(each["source"]) for each in proposals[CHIPS:])
        chips.append(Markup('<span class="chip is-more" title="{}">+{} more</span>').format(rest, more))
    return Markup("").join(chips)


def _lines(items: Sequence[ShownItem], ways: Sequence[ItemWay], retrieved: Sequence[int]) -> Markup:
    ranked = _places([(way.told["place"] or 1 << 31, place) for place, way in enumerate(ways)])
    lines = Markup("").join(
        _line(item, way, (retrieved[at], ranked[at], at))
        for at, (item, way) in enumerate(zip(items, ways, strict=True))
    )
    height = ROW * len(items)
    return Markup(
        '<div class="ways-lines" aria-hidden="true"><div class="ways-heads"><span>Retrieved</span><span>Ranked</span>'
        '<span>Answered</span></div><svg viewBox="0 0 {} {}" width="{}" height="{}">{}</svg></div>'
    ).format(WIDE, height, WIDE, height, lines)


def _line(item: ShownItem, way: ItemWay, places: tuple[int, int, int]) -> Markup:
    source = next((each["source"] for each in way.proposals), "")
    (one, two, three), left, middle, right = (_middle(each) for each in places), TILE + 10, WIDE / 2 + 10, WIDE - 6
    a, b = (left + middle) / 2, (middle + right) / 2
    return Markup(
        '<g class="line" style="--hue: {}"><title>{}</title><path d="M{} {} C{} {} {} {} {} {} C{} {} {} {} {} {}"/>'
        '<circle cx="{}" cy="{}" r="4"/><circle cx="{}" cy="{}" r="4"/><circle cx="{}" cy="{}" r="4"/></g>{}'
    ).format(
        source_hue(source), item.title, left, one, a, one, a, two, middle, two, b, two, b, three, right, three,
        left, one, middle, two, right, three, tile(item, 1, one - TILE / 2, TILE),
    )  # fmt: skip


def _middle(place: int) -> float:
    return ROW * (place + 0.5)


def _places(keys: Sequence[tuple[float, ...]]) -> list[int]:
    """The place of each key among all, from 0."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    places = [0] * len(keys)
    for place, at in enumerate(order):
        places[at] = place
    return places

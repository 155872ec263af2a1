"""What the parts of the glass house draw: all that comes from outside is text, whatever it holds."""

import pytest

from tests.told_why import TRACE, answered, stage, why
from winnow.api.visitor_state import VisitorState
from winnow.schema.schema import EventType
from winnow.ui.glass.funnel import Funnel
from winnow.ui.glass.funnel_picture import FunnelPicture
from winnow.ui.glass.funnel_rows import funnel_bars, funnel_table, time_bar
from winnow.ui.glass.item_way import ItemWay
from winnow.ui.glass.known_card import age_words, known_card
from winnow.ui.glass.way_picture import way_picture
from winnow.ui.glass.ways_list import ways_list
from winnow.ui.shown_item import ShownItem

EVIL = '"><script>alert(1)</script>'
ITEM = ShownItem(item_id=EVIL, title=EVIL, category=EVIL)
FUNNEL = Funnel.of([stage("source", EVIL, 0, 5, fault=EVIL), *TRACE[2:]])
STATE: VisitorState = {
    "bundle": "b",
    "user_id": EVIL,
    "session_id": None,
    "forgotten": False,
    "events_known": 1,
    "events": [{"item_id": EVIL, "title": EVIL, "type": EventType.CLICK, "timestamp": 0.0, "age_s": 1.0}],
    "seen": {"items": 3, "item_ids": [EVIL], "bitmap_bytes": []},
    "past_events": 0,
    "features": {EVIL: EVIL, "age": None},
}


def address(path: str) -> str:
    return path


def test_nothing_from_outside_becomes_an_element() -> None:
    way = ItemWay.of(answered(sources=[{"source": EVIL, "rank": 1, "score": 0.5}]))
    lost = why(sources=[{**why()["sources"][0], "source": EVIL}], removed_by=[EVIL])
    drawn = [
        FunnelPicture(FUNNEL, [ITEM]).drawn(),
        funnel_bars(FUNNEL),
        funnel_table(FUNNEL),
        time_bar(FUNNEL),
        ways_list([ITEM], [way], address),
        way_picture(lost),
        known_card(STATE, address),
    ]
    assert not any("<script" in each for each in drawn)
    assert sum("&lt;script" in each for each in drawn) >= 5


def test_the_card_tells_events_profile_and_figures() -> None:
    told = known_card({**STATE, "features": {"age": 31.0, "gender": None}}, address)
    assert "<dt>age</dt><dd>31</dd>" in told
    assert "gender" not in told, "nothing was said of it"
    assert 'data-figure="seen"><b>3</b>' in told
    assert "looked at · just now" in told


@pytest.mark.parametrize(("number", "rest"), [(8, ""), (9, "and 1 before"), (200, "and at least 192 before")])
def test_the_last_events_are_shown_and_the_others_counted(number: int, rest: str) -> None:
    told = known_card({**STATE, "events": STATE["events"] * number, "events_known": 900}, address)
    assert told.count("<li") == 8
    assert ("before" in told) == bool(rest)
    assert rest in told


def test_who_was_only_shown_things_did_nothing() -> None:
    told = known_card({**STATE, "events": [], "events_known": 300}, address)
    assert "Nothing but what they were shown is known." in told


def test_a_stranger_has_neither_profile_nor_events() -> None:
    told = known_card({**STATE, "events": [], "events_known": 0, "features": {}, "forgotten": True}, address)
    assert "No events are known" in told
    assert "has said nothing" in told
    assert "Asked to be forgotten" in told


def test_ages_are_told_roughly() -> None:
    assert [age_words(seconds) for seconds in (5, 60, 7200, 86_400 * 40)] == [
        "just now",
        "1 minute ago",
        "2 hours ago",
        "1 month ago",
    ]


def test_the_picture_holds_every_count() -> None:
    drawn = FunnelPicture(Funnel.of(TRACE), []).drawn()
    assert all(f">{count}</text>" in drawn for count in (210, 205, 195, 10))
    assert all(f">&minus;{count}</text>" in drawn for count in (10, 5, 185))


def test_the_order_of_retrieval_stands_beside_that_of_the_answer() -> None:
    ways = [
        ItemWay.of(answered(rank, sources=[{"source": "ann", "rank": 10 - rank, "score": 0.5}])) for rank in (1, 2, 3)
    ]
    drawn = ways_list([ShownItem(item_id=name, title=name) for name in "abc"], ways, address)
    told = [each.split(" of these")[0] for each in drawn.split("would have put it ")[1:]]
    assert told == ["3rd", "2nd", "1st"]


def test_an_item_shows_its_score_its_place_and_its_chance() -> None:
    drawn = ways_list([ITEM], [ItemWay.of(answered())], address)
    assert "<b>1.50</b><span>3rd by score</span><span>12.5% chance of a click</span>" in drawn

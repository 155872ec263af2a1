"""A visit and its address."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.schema import EventType
from winnow.ui.address_number import MAX_SHOWN, misread
from winnow.ui.moment import next_moment
from winnow.ui.visit import Visit

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
BOUNDS = st.dictionaries(st.sampled_from(["min", "max"]), st.integers(0, 999).map(float), min_size=1)
VISITS = st.builds(
    Visit,
    user_id=NAMES,
    context=st.dictionaries(NAMES, NAMES, max_size=2),
    hour=st.none() | st.integers(0, 23),
    weekday=st.none() | st.integers(0, 6),
    k=st.integers(1, MAX_SHOWN),
    diversity=st.none() | st.sampled_from([0.0, 0.25, 1.0]),
    explore=st.none() | st.sampled_from([0.0, 0.5]),
    filters=st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=3) | BOUNDS, max_size=3),
)


def read(address: str) -> Visit:
    return Visit.read(parse_qsl(urlsplit(address).query, keep_blank_values=True))


@given(VISITS)
def test_an_address_carries_the_whole_visit(visit: Visit) -> None:
    assert read(visit.at("/")) == visit


def test_an_address_says_only_what_was_said() -> None:
    assert Visit(user_id="u 1").at("/glass-house") == "/glass-house?user=u+1"
    assert Visit().at("/") == "/"


@pytest.mark.parametrize(
    "query", ["k=many", "k=0", "k=999", "hour=25", "weekday=-1", "diversity=nan", "min.price=x", "z=1"]
)
def test_what_makes_no_sense_counts_as_not_said(query: str) -> None:
    assert read(f"/?{query}") == Visit()


@given(VISITS)
def test_nothing_is_wrong_with_an_address_of_ours(visit: Visit) -> None:
    assert misread(visit.pairs()) == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("k=-3", "k=-3; a whole number from 1 to 48 is wanted, so 10 items are shown."),
        ("hour=99", "hour=99; a whole number from 0 to 23 is wanted, so the hour is that of now."),
        ("weekday=1.5", "weekday=1.5; a whole number from 0 to 6 is wanted, so the day is today."),
        ("diversity=7", "diversity=7; a number from 0 to 1 is wanted, so diversity is what the recipe says."),
        ("explore=nan", "explore=nan; a number from 0 to 10 is wanted, so exploration is what the recipe says."),
        ("page=0", "page=0; a whole number from 1 to 10000 is wanted, so the first page is shown."),
        ("min.price=x", "min.price=x; a number from -1e+12 to 1e+12 is wanted, so it bounds nothing."),
    ],
)
def test_a_number_that_cannot_be_is_told_with_what_counts_instead(query: str, told: str) -> None:
    assert misread(parse_qsl(query)) == [f"The address says {told}"]


def test_what_is_no_number_or_not_ours_is_passed_over_and_what_comes_last_counts() -> None:
    assert misread(parse_qsl("user=7.5&z=1&k=&k=-1&k=5", keep_blank_values=True)) == []
    assert len(misread(parse_qsl("hour=24&weekday=8&k=3"))) == 2


def test_a_user_needs_no_session() -> None:
    assert read("/?user=u1&session=s1") == Visit(user_id="u1")


def test_the_service_is_asked_for_what_the_visit_says() -> None:
    request = Visit(
        session_id="s", context={"device_type": "mobile"}, k=3, diversity=0.0, filters={"price": {"max": 9.0}}
    ).request()
    assert (request.user_id, request.session_id, request.k) == (None, "s", 3)
    assert (request.context, request.diversity) == ({"device_type": "mobile"}, 0.0)
    assert request.filters == {"price": {"max": 9.0}}


def test_an_event_names_the_visitor_once() -> None:
    event = Visit(user_id="u1").event("i1", EventType.CART, "r1")
    assert (event.user_id, event.session_id, event.item_id, event.request_id) == ("u1", None, "i1", "r1")


@pytest.mark.parametrize(
    ("hour", "weekday", "wanted"),
    [
        (None, None, None),
        (15, None, datetime(2026, 11, 27, 15, 30, tzinfo=UTC)),  # a Friday, at this hour
        (18, None, datetime(2026, 11, 27, 18, tzinfo=UTC)),
        (9, None, datetime(2026, 11, 28, 9, tzinfo=UTC)),
        (9, 4, datetime(2026, 12, 4, 9, tzinfo=UTC)),
        (None, 0, datetime(2026, 11, 30, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_the_next_of_its_hour_and_weekday(hour, weekday, wanted) -> None:
    now = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    assert next_moment(now, hour, weekday) == (wanted and wanted.timestamp())


def test_what_is_due_to_an_answer_is_told_under_one_name_and_anything_else_under_its_own() -> None:
    visit = Visit(user_id="u")
    clicks = {visit.event("i", EventType.CLICK, "r").event_id for _ in range(2)}
    assert len(clicks) == 1
    assert visit.event("i", EventType.IMPRESSION, "r").event_id not in clicks
    assert Visit(user_id="v").event("i", EventType.CLICK, "r").event_id not in clicks
    assert len({visit.event("i", EventType.CART, "r").event_id for _ in range(2)}) == 2
    assert len({visit.event("i", EventType.CLICK).event_id for _ in range(2)}) == 2

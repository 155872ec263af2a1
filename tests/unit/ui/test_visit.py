"""A visit and its address."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.schema import EventType
from winnow.ui.moment import next_moment
from winnow.ui.visit import MAX_SHOWN, Visit

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
BOUNDS = st.dictionaries(st.sampled_from(["min", "max"]), st.integers(0, 999).map(float), min_size=1)
VISITS = st.builds(
    Visit,
    user_id=NAMES,
    device=st.sampled_from(["", "mobile"]),
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


def test_a_user_needs_no_session() -> None:
    assert read("/?user=u1&session=s1") == Visit(user_id="u1")


def test_the_service_is_asked_for_what_the_visit_says() -> None:
    request = Visit(session_id="s", device="mobile", k=3, diversity=0.0, filters={"price": {"max": 9.0}}).request()
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

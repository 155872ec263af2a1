import math

import pytest

from winnow.schema.errors import RequestError
from winnow.schema.schema import EventType
from winnow.stores.event import CODE_OF_TYPE, Event


def an_event(**changes):
    return Event(**{"event_id": "e1", "user_id": "ann", "item_id": "pen", "type": "view", "at": 1.0, **changes})


@pytest.mark.parametrize("name", ["event_id", "user_id", "item_id"])
def test_an_event_has_all_its_names(name):
    with pytest.raises(RequestError, match=f"has an empty {name}"):
        an_event(**{name: ""})


def test_an_event_has_a_type_that_winnow_knows():
    with pytest.raises(RequestError, match="type 'sneeze'; the types are: impression, view, "):
        an_event(type="sneeze")


@pytest.mark.parametrize("at", [math.nan, math.inf])
def test_an_event_has_a_finite_time(at):
    with pytest.raises(RequestError, match=r"happened at (nan|inf); a time is UTC seconds"):
        an_event(at=at)


def test_type_codes_are_positions_among_the_event_types():
    assert [tuple(EventType)[CODE_OF_TYPE[each]] for each in ("dismiss", "view")] == ["dismiss", "view"]

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.errors import DataError, RequestError
from winnow.schema.schema import EventType
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.journal_line import content_of, line_of, operation_of
from winnow.stores.state_operation import EventsAppended, NamesMerged, PastClosed, UserForgotten, UserReset

instants = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1)
events = st.builds(
    Event,
    event_id=texts,
    user_id=texts,
    item_id=texts,
    type=st.sampled_from(sorted(CODE_OF_TYPE)),
    at=instants,
    request_id=st.just("") | texts,
)
operations = st.one_of(
    st.builds(EventsAppended, at=instants, events=st.lists(events, max_size=4).map(tuple)),
    st.builds(UserForgotten, at=instants, user_id=texts),
    st.builds(UserReset, at=instants, user_id=texts),
    st.builds(PastClosed, at=instants, user_id=texts),
    st.builds(NamesMerged, at=instants, source=texts, target=texts),
)


@given(operations)
def test_any_operation_is_one_line_and_comes_back(operation):
    line = line_of(operation)
    assert line.index(b"\n") == len(line) - 1
    assert operation_of(content_of(line)) == operation


@given(operations, st.data())
def test_any_changed_byte_is_found(operation, data):
    line = bytearray(line_of(operation))
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= data.draw(st.integers(1, 255))
    assert content_of(bytes(line)) is None


@given(operations, st.data())
def test_part_of_a_line_is_none(operation, data):
    line = line_of(operation)
    assert content_of(line[: data.draw(st.integers(0, len(line) - 1))]) is None


def test_names_may_hold_anything_that_is_text():
    operation = UserForgotten(at=1.5, user_id='ünal\0\n\r\u2028\x85"\\' + chr(sys.maxunicode))
    assert operation_of(content_of(line_of(operation))) == operation


def test_a_line_can_be_read_by_anybody():
    event = Event(event_id="e1", user_id="ann", item_id="pen", type=EventType.VIEW, at=2.5)
    line = line_of(EventsAppended(at=3.0, events=[event]))
    assert line[9:] == b'[1,3.0,"append",[["e1","ann","pen","view",2.5,""]]]\n'
    assert line_of(UserForgotten(at=3.0, user_id="ann"))[9:] == b'[1,3.0,"forget","ann"]\n'


def test_half_a_character_is_refused_before_it_is_written():
    with pytest.raises(RequestError, match=r"cannot be kept: .*surrogates not allowed\. Names are text"):
        line_of(UserForgotten(at=1.0, user_id="\ud800"))


@pytest.mark.parametrize("content", [b'[2,1.0,"forget","ann"]', b'[1,1.0,"exchange","s","ann"]'])
def test_what_a_newer_program_wrote_is_not_guessed_at(content):
    with pytest.raises(DataError, match=r"of the kind '(exchange|forget)' in version (1|2), and this program reads"):
        operation_of(content)

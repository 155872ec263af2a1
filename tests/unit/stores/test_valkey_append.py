import struct

import numpy as np
import pytest

from winnow.schema.errors import RecipeError
from winnow.schema.schema import EventType
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.seen_layout import SeenConfig, seen_levels
from winnow.stores.valkey_append import ARGUMENTS, ValkeyAppend
from winnow.stores.valkey_keys import UserKeys

DAY_S = 86_400.0
NOW = 100 * DAY_S + 10.0


def append_of(config):
    return ValkeyAppend(length=50, levels=seen_levels(config), config=config, counted=counted_types(["view"]))


def event(at, type="view"):
    return Event(event_id=f"e{at}", user_id="ann", item_id="pen", type=type, at=at)


def own_arguments(events, days=7):
    _, arguments = append_of(SeenConfig(days=days)).call("ann", events, NOW)
    return [arguments[start : start + ARGUMENTS] for start in range(5, len(arguments), ARGUMENTS)]


def test_keys_are_those_of_the_user_and_only_days_with_something_seen_are_among_them():
    keys, _ = append_of(SeenConfig()).call("ann", [event(NOW), event(NOW - DAY_S), event(NOW - 1.0), event(0.0)], NOW)
    own = UserKeys.of("ann")
    assert keys == [own.count, own.log, *own.ids([100, 99, 98]), *own.events(), *own.seen([100, 99])]


def test_only_events_that_count_as_seen_within_the_days_have_a_bitmap_and_it_lives_until_they_pass():
    ats = [NOW - 3 * DAY_S, NOW - 2 * DAY_S, NOW, NOW + 2 * DAY_S, NOW + 3 * DAY_S]
    arguments = own_arguments([*map(event, ats), event(NOW, type="click")], days=3)
    assert [place > 0 for _, _, _, _, place, *_ in arguments] == [False, True, True, True, False, False]
    lives = [life_s for _, _, _, _, place, life_s, *_ in arguments if place]
    assert lives == [DAY_S - 10, 3 * DAY_S - 10, 5 * DAY_S - 10]


def test_the_time_is_exact_as_a_number_and_as_text():
    at = NOW + 1 / 3
    (arguments,) = own_arguments([event(at)])
    assert struct.unpack("<Qd", arguments[3])[1] == float(arguments[2]) == at


def test_the_entry_of_the_log_holds_all_fields_of_the_event():
    (arguments,) = own_arguments([event(1.5)])
    assert arguments[6:] == [
        "event_id",
        "e1.5",
        "user_id",
        "ann",
        "item_id",
        "pen",
        "type",
        "view",
        "at",
        "1.5",
        "request_id",
        "",
    ]


def test_a_header_says_how_bitmaps_are_laid_out():
    _, arguments = append_of(SeenConfig()).call("ann", [], NOW)
    levels = np.frombuffer(arguments[3], "<u4").reshape(-1, 3)
    assert levels.tolist() == [[each.start, each.bits, each.hashes] for each in seen_levels(SeenConfig())]
    assert arguments[4] == ARGUMENTS


def test_a_bitmap_larger_than_a_server_allows_is_refused():
    with pytest.raises(RecipeError, match="take fewer items_a_day"):
        append_of(SeenConfig(items_a_day=1_000_000))


def test_every_type_has_a_sorted_set_of_its_own():
    arguments = own_arguments([event(NOW, type=each) for each in EventType])
    keys, _ = append_of(SeenConfig()).call("ann", [], NOW)
    assert [keys[place - 1].rsplit(":", 1)[1] for _, place, *_ in arguments] == list(EventType)

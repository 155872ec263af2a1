"""Impressions in rows, against slow loops."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.training.planted import HOUR_S, SCHEMA, planted_dataset, user_name
from winnow.features.likeness import RECENT
from winnow.schema.schema import Impressions
from winnow.training.impression_pieces import recent_items
from winnow.training.impression_rows import impression_rows
from winnow.training.landings import VISIT_S
from winnow.training.pages import page_starts
from winnow.training.training_set import training_set
from winnow.training.visitor_events import visitor_events

SHOWN = pa.table(
    {
        "user_id": [user_name(1), user_name(1), "session:9", user_name(3)],
        "item_id": ["item-4", "item-7", "item-4", "item-2"],
        "outcome": ["click", None, "purchase", "view"],
        "at": [3 * HOUR_S + 100.0, 3 * HOUR_S + 106.0, 3 * HOUR_S + 200.0, 4 * HOUR_S],
        "position": [1.0, 2.0, None, 1.0],
        "device": ["phone", "phone", None, "desktop"],
    }
)


def planted_rows():
    dataset = replace(planted_dataset(), schema=replace(SCHEMA, impressions=Impressions(position="position")))
    return dataset, impression_rows(dataset, SHOWN, training_set(dataset, dataset.events))


def test_rows_say_who_what_and_what_came_of_it():
    dataset, rows = planted_rows()
    known = dataset.users["user_id"].to_pylist()
    assert rows.items.tolist() == [4, 7, 4, 2]
    assert rows.clicked.tolist() == [True, False, True, False]
    assert rows.came.tolist() == [[False] * 3, [False] * 3, [True, True, False], [False] * 3]
    assert rows.positions.tolist() == [1, 2, 0, 1]
    assert rows.user_rows.tolist() == [known.index(user_name(1)), known.index(user_name(1)), len(known), len(known)]
    assert rows.visitors[0] == rows.visitors[1] != rows.visitors[2]
    assert rows.contexts.codes.shape == (4, 1)


def test_propensities_are_nan_where_they_are_missing_or_were_not_logged():
    dataset, rows = planted_rows()
    assert np.isnan(rows.propensities).tolist() == [True] * 4
    with_some = SHOWN.append_column("propensity", pa.array([0.5, None, 1.0, 0.001]))
    found = impression_rows(dataset, with_some, training_set(dataset, dataset.events)).propensities
    np.testing.assert_array_equal(found, [0.5, np.nan, 1.0, 0.001])


def test_what_a_visit_was_about_is_what_was_clicked_before_the_page():
    dataset, rows = planted_rows()
    events = dataset.events.to_pylist()
    for row, shown in enumerate(SHOWN.to_pylist()):
        before = [
            int(each["item_id"].removeprefix("item-"))
            for each in events
            if each["user_id"] == shown["user_id"] and rows.pages_at[row] - VISIT_S <= each["at"] < rows.pages_at[row]
        ]
        last = before[::-1][:RECENT]
        assert rows.recent[row].tolist() == last + [-1] * (RECENT - len(last))
    assert (rows.recent[:, 0] >= 0).any()


def test_a_page_begins_where_the_place_does_not_rise():
    visitors = np.array([0, 0, 1, 0, 1, 0, 0, 0])
    at = np.array([1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 9_000.0])
    positions = np.array([1, 2, 1, 3, 2, 1, 2, 3])
    assert page_starts(visitors, at, positions).tolist() == [1.0, 1.0, 2.5, 1.0, 2.5, 4.0, 4.0, 9_000.0]


def test_where_places_are_unknown_an_instant_is_a_page():
    starts = page_starts(np.zeros(4, np.int64), np.array([1.0, 1.0, 2.0, 3.0]), np.zeros(4, np.int64))
    assert starts.tolist() == [1.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize("seed", range(5))
def test_recent_items_are_what_a_slow_loop_finds(seed):
    draw = np.random.default_rng(seed)
    whose, when = draw.integers(0, 4, 60), draw.integers(0, 40, 60) * 200.0
    items = draw.integers(0, 9, 60)
    order = np.argsort(when, kind="stable")
    whose, when, items = whose[order], when[order], items[order]
    who, asked = draw.integers(0, 5, 30), draw.integers(0, 45, 30) * 200.0
    found = recent_items(visitor_events(whose, when, items, who, asked), asked)
    for row in range(30):
        fits = (whose == who[row]) & (when < asked[row]) & (when >= asked[row] - VISIT_S)
        last = items[fits][::-1][:RECENT].tolist()
        assert found[row].tolist() == last + [-1] * (RECENT - len(last))


def test_without_events_nothing_is_recent():
    none = np.empty(0, np.int64)
    asked = np.array([1.0, 2.0])
    assert (recent_items(visitor_events(none, np.empty(0), none, np.array([0, 1]), asked), asked) == -1).all()

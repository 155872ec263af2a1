"""Windows of tables, against a slow loop, and what training makes of windows that say nothing."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.training.planted import SCHEMA, planted_dataset
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import EventType
from winnow.schema.transform import Vocabulary
from winnow.schema.window import Window
from winnow.training import window_columns as room
from winnow.training.training_set import asked_at, training_set
from winnow.training.window_columns import window_columns

STYLES = {f"item-{row}": ("even" if row % 2 == 0 else "odd") for row in range(60)}
EVENT = st.tuples(
    st.sampled_from(["ann", "bob"]),
    st.integers(0, 5).map("item-{}".format),
    st.sampled_from([str(each) for each in EventType]),
    st.sampled_from([0.0, 1800.0, 3600.0, 3600.5, 7200.0, 9000.0]),
)
ASKED = st.tuples(st.sampled_from(["ann", "bob", "eve"]), st.sampled_from([0.0, 3600.0, 5400.0, 7200.0, 1e6]))


def feature(name, **window):
    window = Window(**{"of": "style", "over_hours": 1, **window})
    return Feature(name=name, entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(), window=window)


def windowed(*features):
    return replace(planted_dataset(), schema=replace(SCHEMA, features=(*SCHEMA.features, *features)))


@pytest.fixture(scope="module")
def trained():
    dataset = windowed(feature("top"), feature("carted", types=("cart", "purchase"), over_hours=2, last_events=2))
    return dataset, training_set(dataset, dataset.events)


def table_of(events):
    users, items, types, at = zip(*events, strict=True) if events else ((), (), (), ())
    columns = {"user_id": users, "item_id": items, "event_type": types}
    texts = {name: pa.array(each, pa.string()) for name, each in columns.items()}
    return pa.table({**texts, "at": pa.array(at, pa.float64())})


def loop(events, user, at, window):
    mine = [each for each in events if each[0] == user and each[3] < at and each[2] in window.types][
        -window.last_events :
    ]
    counts, latest = {}, {}
    for place, (_, item, _, happened) in enumerate(mine):
        if at - happened <= window.over_s:
            counts[STYLES[item]], latest[STYLES[item]] = counts.get(STYLES[item], 0) + 1, place
    return max(counts, key=lambda word: (counts[word], latest[word]), default=None)


@given(st.lists(EVENT, max_size=12), st.lists(ASKED, max_size=5), st.integers(1, 3))
def test_columns_are_those_of_a_loop_whatever_is_read_at_once(trained, events, asked, at_once):
    dataset, data = trained
    events = sorted(events, key=lambda each: each[3])
    table = pa.table(
        {"user_id": pa.array([user for user, _ in asked], pa.string()), "at": np.array([at for _, at in asked])}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "ROWS_AT_ONCE", at_once)
        columns = window_columns(dataset, table_of(events), data.fitted[Entity.ITEM], data.items.codes)
        found = columns.appended(table)
    for name, window in dataset.schema.windows.items():
        assert found[name].to_pylist() == [loop(events, user, at, window) for user, at in asked]


def test_only_so_many_events_are_looked_at_as_stores_know_one_by_one(trained):
    dataset, data = trained
    events = [("ann", "item-1", "click", 0.0)] * 200 + [("ann", "item-2", "view", 1.0)] * 100
    columns = window_columns(dataset, table_of(events), data.fitted[Entity.ITEM], data.items.codes)
    asked = pa.table({"user_id": ["ann", "ann"], "at": [1.0, 2.0]})
    assert columns.appended(asked)["top"].to_pylist() == ["odd", "even"]


def test_a_vocabulary_knows_what_was_computed_and_an_example_only_what_came_before(trained):
    dataset, data = trained
    (top,) = [each for each in data.fitted[Entity.CONTEXT].features if each.name == "top"]
    assert set(top.transform.known) == {"even", "odd"}
    place = [each.name for each in data.fitted[Entity.CONTEXT].outputs if each.form == "code"].index("top")
    first = data.interactions.at < 3600.0
    assert (data.contexts.codes[first, place] == 0).all()
    earlier = asked_at(data, dataset, dataset.events, np.zeros(len(data.interactions)))
    assert (earlier.contexts.codes[:, place] == 0).all()
    np.testing.assert_array_equal(np.delete(earlier.contexts.codes, place, 1), np.delete(data.contexts.codes, place, 1))


def test_a_window_in_which_nobody_ever_did_anything_is_left_out_of_models(trained):
    _, data = trained
    assert "carted" not in [each.name for each in data.fitted[Entity.CONTEXT].features]


def test_a_window_over_words_that_no_item_has_is_left_out_of_models():
    colour = Feature(name="colour", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary())
    dataset = windowed(colour, feature("top", of="colour"))
    items = dataset.items.append_column("colour", pa.nulls(dataset.items.num_rows, pa.string()))
    data = training_set(replace(dataset, items=items), dataset.events)
    assert [each.name for each in data.fitted[Entity.CONTEXT].features] == ["device", "hour"]


def test_without_windows_tables_and_training_sets_stay_as_they_are():
    dataset = planted_dataset()
    data = training_set(dataset, dataset.events)
    columns = window_columns(dataset, dataset.events, data.fitted[Entity.ITEM], data.items.codes)
    assert columns.appended(dataset.events) is dataset.events
    assert asked_at(data, dataset, dataset.events, np.zeros(len(data.interactions))) is data

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import catalogue_of, knowing, ragged_of, requests_of
from winnow.features.cyclical_time import HourOfDay
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.pipeline.request_hydrators import ContextHydrator, HistoryHydrator, QueryHydrator, UserHydrator
from winnow.schema.column import Ragged
from winnow.schema.feature import Entity
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig
from winnow.stores.user_table import UserTable

CATALOGUE = catalogue_of(4, dim=2)
UNKNOWN = FeatureArrays(codes=np.array([[0]], np.int32), values=np.array([[0.5]], np.float32), vectors={})


def rows_of(column):
    return [column.row(n).tolist() for n in range(len(column))]


def users():
    table = UserTable(
        user_ids=("ann", "bob"),
        codes=np.array([[2], [3], [0]], np.int32),
        values=np.array([[2.0], [3.0], [0.5]], np.float32),
    )
    return UserHydrator(store=table, unknown=UNKNOWN)


def read_of(*names, forgotten=()):
    """Requests of which the state has been read."""
    return requests_of(names).with_columns({"forgotten": np.array([name in forgotten for name in names], bool)})


def test_users_get_their_own_rows_and_strangers_the_missing_one():
    columns = users().columns(read_of("bob", "", "ann", "?"))
    assert columns["user_codes"].tolist() == [[3], [0], [2], [0]]
    assert columns["user_values"].tolist() == [[3.0], [0.5], [2.0], [0.5]]


@pytest.mark.parametrize(("deadline", "left_s"), [(None, math.inf), (10.5, 0.5)])
def test_a_store_of_users_has_until_the_deadline_of_the_requests(deadline, left_s):
    given = []

    class Hurried:
        def read(self, user_ids, within_s):
            given.append(within_s)
            return users().store.read(user_ids)

    hydrator = UserHydrator(store=Hurried(), unknown=UNKNOWN, clock=lambda: 10.0)
    hydrator.columns(replace(read_of("ann"), deadline=deadline))
    assert given == [left_s]


def test_who_asked_to_be_forgotten_is_a_stranger():
    columns = users().columns(read_of("bob", "ann", forgotten=["bob"]))
    assert columns["user_codes"].tolist() == [[0], [2]]
    assert columns["user_values"].tolist() == [[0.5], [2.0]]


@pytest.mark.parametrize("batch", [0, 1, 3])
def test_a_silent_user_store_makes_strangers_of_all(batch):
    strangers = read_of(*["?"] * batch)
    known, missing = users().columns(strangers), users().missing(requests_of(["ann"] * batch))
    for name, column in known.items():
        np.testing.assert_array_equal(missing[name], column)
        assert (missing[name].dtype, missing[name].shape) == (column.dtype, column.shape)


def test_the_instant_of_asking_is_the_time_of_the_context_and_nothing_else_is():
    hour = FittedFeature(name="hour", column="at", transform=HourOfDay())
    hydrator = ContextHydrator(fitted=FittedFeatures(entity=Entity.CONTEXT, features=(hour,)))
    requests = replace(requests_of(["", ""]), at=np.array([6 * 3600.0, 18 * 3600.0]))
    columns = hydrator.columns(requests)
    np.testing.assert_allclose(columns["context_values"][:, :2], [[1, 0], [-1, 0]], atol=1e-6)
    assert columns["context_codes"].shape == (2, 0)
    elsewhen = hydrator.columns(replace(requests, context={"at": np.zeros(2)}))
    np.testing.assert_array_equal(elsewhen["context_values"], columns["context_values"])


def history_of(events, length=3):
    store = MemoryState(StateConfig(length=10, counted=counted_types([])))
    store.append(
        [
            Event(event_id=str(number), user_id=user, item_id=item, type=type_, at=at)
            for number, (user, item, type_, at) in enumerate(events)
        ]
    )
    hydrator = HistoryHydrator(length=length, counted=counted_types(["view", "click"]))
    return lambda requests: hydrator.columns(knowing(requests, store, CATALOGUE))


def test_a_history_is_the_rows_of_the_last_counted_events_before_the_request_oldest_first():
    hydrated = history_of(
        [
            ("ann", "item-3", "view", -5.0),
            ("ann", "item-0", "view", -4.0),
            ("ann", "no such item", "view", -3.0),
            ("ann", "item-1", "purchase", -2.0),
            ("ann", "item-2", "click", -1.0),
            ("ann", "item-1", "view", 0.0),
            ("bob", "item-1", "click", -1.0),
        ]
    )
    columns = hydrated(requests_of(["ann", "", "bob"]))
    view, click = CODE_OF_TYPE["view"], CODE_OF_TYPE["click"]
    assert {name: rows_of(column) for name, column in columns.items()} == {
        "history": [[0, 2], [], [1]],
        "history_types": [[view, click], [], [click]],
        "history_ages": [[4.0, 1.0], [], [3.0]],
    }
    dtypes = {name: column.values.dtype for name, column in columns.items()}
    assert dtypes == {"history": np.int64, "history_types": np.int64, "history_ages": np.float64}


def test_a_history_of_known_items_only_is_whole():
    columns = history_of([("ann", "item-3", "view", -5.0)])(requests_of(["ann", ""]))
    assert rows_of(columns["history"]) == [[3], []]
    assert rows_of(columns["history_ages"]) == [[5.0], []]


def test_ages_keep_their_fractions_however_late_it_is():
    """The tower takes differences of ages, and a float32 of a year knows no second."""
    hydrated = history_of([("ann", "item-3", "view", 0.125), ("ann", "item-3", "view", 2e9 + 0.125)])
    requests = replace(requests_of(["ann"]), at=np.array([2e9 + 0.75]))
    assert rows_of(hydrated(requests)["history_ages"]) == [[2e9 + 0.625, 0.625]]


@pytest.mark.parametrize("batch", [0, 2])
def test_nobody_has_a_history(batch):
    columns = history_of([])(requests_of([""] * batch))
    assert {name: rows_of(column) for name, column in columns.items()} == dict.fromkeys(
        ("history", "history_types", "history_ages"), [[]] * batch
    )


@dataclass(frozen=True)
class MeanTower:
    """The mean of the history's vectors, types and ages, and the age of the user, as a tower would mix them."""

    dim: int = 2

    def __call__(self, arrays):
        vectors, present = arrays["history_vectors"], arrays["history_present"]
        assert vectors.shape == (*present.shape, self.dim)
        assert vectors.dtype == present.dtype == np.float32
        assert arrays["history_ages"].dtype == np.float64
        assert arrays["history_types"].dtype == np.int64
        total = np.maximum(present.sum(axis=1, keepdims=True), 1)
        mean = (vectors * present[:, :, None]).sum(axis=1) / total
        marks = (arrays["history_types"] + 100 * arrays["history_ages"]) * present
        query = arrays["age"] + marks.sum(axis=1, keepdims=True)
        return {
            "query": query.repeat(self.dim, axis=1),
            "history_vector": mean,
            "moment_vector": arrays["age"].repeat(self.dim, axis=1),
        }


def query(histories, catalogue=CATALOGUE, person=None):
    ages = np.arange(len(histories), dtype=np.float32)[:, None]
    history = ragged_of(histories)
    columns = {
        "history": history,
        "history_types": Ragged(history.values + 2, history.offsets),
        "history_ages": Ragged(history.values + 7.0, history.offsets),
    }
    requests = requests_of([""] * len(histories)).with_columns({**columns, "age": ages})
    dim = catalogue.tower.shape[1] - (0 if person is None else person.shape[1])
    hydrator = QueryHydrator(tower=MeanTower(dim=dim), dim=dim, catalogue=catalogue, inputs=("age",))
    return hydrator.columns(requests if person is None else requests.with_columns({"person": person}))


@given(st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=4))
def test_the_tower_gets_vectors_types_and_ages_of_the_history_and_nothing_of_the_padding(histories):
    columns = query(histories)
    means = [CATALOGUE.tower[rows].mean(axis=0) if rows else np.zeros(2) for rows in histories]
    expected = np.array(means, np.float32).reshape(-1, 2)
    np.testing.assert_allclose(columns["history_vector"], expected, rtol=1e-6)
    marks = [number + sum(row + 2 + 100 * (row + 7) for row in rows) for number, rows in enumerate(histories)]
    np.testing.assert_allclose(columns["query"][:, :1], np.array(marks).reshape(-1, 1), rtol=1e-6)


def test_what_is_known_of_the_person_stands_behind_the_query_and_no_history_reads_it():
    person = np.array([[0.5], [-2.0]], np.float32)
    wide = replace(CATALOGUE, tower=np.concatenate([CATALOGUE.tower, [[7]] * len(CATALOGUE)], axis=1, dtype=np.float32))
    before, columns = query([[0, 1], []]), query([[0, 1], []], wide, person)
    np.testing.assert_array_equal(columns["query"], np.concatenate([before["query"], person], axis=1))
    for name in ("history_vector", "moment_vector"):
        np.testing.assert_array_equal(columns[name], np.pad(before[name], ((0, 0), (0, 1))))


def test_an_empty_catalogue_still_has_the_width_of_the_tower():
    columns = query([[], []], catalogue_of(0, dim=3))
    assert columns["history_vector"].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert columns["query"].tolist() == columns["moment_vector"].tolist() == [[0, 0, 0], [1, 1, 1]]


def test_hashes_of_events_are_those_of_the_catalogue():
    assert CATALOGUE.hashes.tolist() == stable_hashes(CATALOGUE.item_ids).tolist()

"""Examples and their pasts against a slow reading of the event table."""

from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import requests_of
from tests.unit.training.visits import ITEM_IDS, ITEMS, SOME_TYPES, TYPES, VISITS, Visit, schema_of, table_of
from winnow.pipeline.state_hydrator import last_events
from winnow.schema.column import Array
from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.event_log import EventLog
from winnow.training.interactions import Interactions, interactions_of


def slow_past(visits: list[Visit], example: Visit, history: tuple[str, ...], length: int) -> list[Visit]:
    before = [visit for visit in visits if visit.user == example.user and visit.at < example.at]
    return [visit for visit in before if visit.type in history][-length:]


def past_of(found: Interactions, examples: Array, length: int) -> list[list[Visit]]:
    """What the interactions say of each example's past, as visits."""
    past = found.past(examples, length)
    return [
        [
            Visit(
                user=str(found.user_ids[found.users[example]]),
                item=int(found.history_items[place]),
                type=TYPES[found.history_types[place]],
                at=float(found.history_at[place]),
            )
            for place in past.row(number)
        ]
        for number, example in enumerate(examples)
    ]


@given(visits=VISITS, positives=SOME_TYPES, history=SOME_TYPES, length=st.integers(1, 6))
def test_every_positive_is_an_example_with_the_past_before_its_instant(
    visits: list[Visit], positives: tuple[str, ...], history: tuple[str, ...], length: int
):
    found = interactions_of(table_of(visits), ITEMS, schema_of(positives, history))
    assert sorted(found.event_rows.tolist()) == [row for row, visit in enumerate(visits) if visit.type in positives]
    past = past_of(found, np.arange(len(found)), length)
    for example, event_row in enumerate(found.event_rows):
        visit = visits[event_row]
        assert found.user_ids[found.users[example]] == visit.user
        assert (found.items[example], found.at[example]) == (visit.item, visit.at)
        assert past[example] == slow_past(visits, visit, history, length)


@given(visits=VISITS, history=SOME_TYPES, length=st.integers(1, 6))
def test_training_reads_the_past_that_the_store_gives_in_serving(
    visits: list[Visit], history: tuple[str, ...], length: int
):
    found = interactions_of(table_of(visits), ITEMS, schema_of((EventType.CLICK,), history))
    hashes = stable_hashes(ITEM_IDS)
    log = EventLog.of(
        user_ids=[visit.user for visit in visits],
        item_hashes=hashes[[visit.item for visit in visits]] if visits else np.empty(0, np.uint64),
        types=np.array([CODE_OF_TYPE[visit.type] for visit in visits], np.int8),
        at=np.array([visit.at for visit in visits], np.float64),
    )
    users: list[str] = found.user_ids[found.users].tolist()
    known = log.read(users, found.at).events
    asked = requests_of(users, columns={"event_types": known.types})
    places, offsets = last_events(asked, length, counted_types(history))
    past = found.past(np.arange(len(found)), length)
    assert offsets.tolist() == past.offsets.tolist()
    assert known.item_hashes.values[places].tolist() == hashes[found.history_items[past.values]].tolist()
    assert known.types.values[places].tolist() == found.history_types[past.values].tolist()
    assert known.at.values[places].tolist() == found.history_at[past.values].tolist()


def test_examples_may_be_asked_for_in_any_order_and_more_than_once():
    visits = [Visit("ann", number % 4, "click", float(number)) for number in range(6)]
    found = interactions_of(table_of(visits), ITEMS, schema_of(("click",), ("click",)))
    chosen = np.array([4, 0, 5, 4])
    past = past_of(found, chosen, 3)
    assert [[visit.item for visit in each] for each in past] == [[1, 2, 3], [], [2, 3, 0], [1, 2, 3]]


def test_events_of_one_instant_are_not_each_others_past():
    visits = [Visit("ann", 0, "click", 1.0), Visit("ann", 1, "click", 2.0), Visit("ann", 2, "click", 2.0)]
    found = interactions_of(table_of(visits), ITEMS, schema_of(("click",), ("click",)))
    past = past_of(found, np.arange(3), 50)
    assert [[visit.item for visit in each] for each in past] == [[], [0], [0]]


@pytest.mark.parametrize("events", [table_of([]), table_of([]).filter(pa.array([], pa.bool_()))])
def test_no_events_are_no_examples(events: pa.Table):
    found = interactions_of(events, ITEMS, schema_of(("click",), ("click",)))
    assert len(found) == 0
    nothing: Array = np.empty(0, np.int64)
    assert len(found.past(nothing, 5)) == 0


def test_chunks_of_a_table_change_nothing():
    visits = [Visit("ann", number % 4, "click", float(number)) for number in range(6)]
    whole, schema = table_of(visits), schema_of(("click",), ("click",))
    parts = pa.concat_tables([whole.slice(0, 2), whole.slice(2, 3), whole.slice(5)])
    assert parts["user_id"].num_chunks == 3
    one, other = interactions_of(whole, ITEMS, schema), interactions_of(parts, ITEMS, schema)
    for name in (field.name for field in fields(Interactions)):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)

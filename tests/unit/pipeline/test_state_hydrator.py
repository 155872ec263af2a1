"""What later stages read of the past, against slow loops."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import SeenSets, SilentState, catalogue_of, knowing, requests_of
from winnow.pipeline.recorder import Recorder
from winnow.pipeline.stage import skippable_stage
from winnow.pipeline.state_hydrator import StateHydrator, last_events, seen_days
from winnow.schema.column import Ragged, offsets_of
from winnow.schema.errors import Unavailable
from winnow.schema.schema import EventType
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import NO_EVENTS, MemoryState
from winnow.stores.state_config import StateConfig

CATALOGUE = catalogue_of(3)


@given(
    st.lists(st.lists(st.sampled_from(list(EventType)), max_size=8), max_size=4),
    st.integers(0, 5),
    st.sets(st.sampled_from(list(EventType))),
)
def test_the_last_events_of_some_types_are_those_of_a_loop(batch, n, wanted):
    types = np.array([CODE_OF_TYPE[each] for row in batch for each in row], np.int8)
    offsets = offsets_of(np.array([len(row) for row in batch], np.int64))
    requests = requests_of([""] * len(batch), columns={"event_types": Ragged(types, offsets)})
    places, bounds = last_events(requests, n, counted_types(wanted))
    for row, start in enumerate(offsets[:-1].tolist()):
        mine = [start + place for place, type in enumerate(batch[row]) if type in wanted]
        assert places[bounds[row] : bounds[row + 1]].tolist() == mine[max(0, len(mine) - n) :]


def test_events_come_with_rows_ages_and_what_was_seen_since():
    store = MemoryState(StateConfig(length=2, counted=counted_types(["click"])), lambda: 0.0)
    happened = [("item-2", "view", -3.0), ("nothing", "click", -2.0), ("item-1", "click", -1.0)]
    store.append([Event(event_id=item, user_id="ann", item_id=item, type=type, at=at) for item, type, at in happened])
    requests = knowing(requests_of(["", "ann"]), store, CATALOGUE)
    assert requests.ragged("event_rows").row(1).tolist() == [2, -1, 1]
    assert requests.ragged("event_ages").row(1).tolist() == [4.0, 3.0, 2.0]
    assert requests.ragged("event_types").row(1).tolist() == [CODE_OF_TYPE[type] for _, type, _ in happened]
    assert len(requests.ragged("event_rows").row(0)) == 0
    assert [len(each) for each in (seen_days(requests).sizes.row(0), seen_days(requests).sizes.row(1))] == [0, 1]


@pytest.mark.parametrize("batch", [0, 2])
def test_a_silent_store_knows_as_much_as_a_store_of_strangers(batch):
    requests = requests_of([""] * batch)
    strangers = dict(StateHydrator(store=SeenSets({}), catalogue=CATALOGUE).columns(requests))
    silent = StateHydrator(store=SilentState(), catalogue=CATALOGUE)
    with pytest.raises(Unavailable):
        silent.columns(requests)
    told = Recorder(details=False).hydrate(skippable_stage("state", silent), requests)
    assert told.array("forgotten").tolist() == strangers.pop("forgotten").tolist() == [False] * batch
    for name, column in strangers.items():
        assert told.ragged(name).offsets.tolist() == column.offsets.tolist() == [0] * (batch + 1)
        assert told.ragged(name).values.dtype == column.values.dtype


@dataclass(frozen=True)
class HurriedSets:
    """A store that notes how long it was given."""

    seconds: list[float] = field(default_factory=list)

    def read(self, user_ids, before, within_s):
        self.seconds.append(within_s)
        return SeenSets({}).read(user_ids, before)


@pytest.mark.parametrize(("deadline", "left_s"), [(None, math.inf), (10.5, 0.5), (9.0, -1.0)])
def test_a_store_has_until_the_deadline_of_the_requests(deadline, left_s):
    live = HurriedSets()
    store = LayeredState(base=EventLog.of([], *NO_EVENTS), live=live)
    hydrator = StateHydrator(store=store, catalogue=CATALOGUE, clock=lambda: 10.0)
    hydrator.columns(replace(requests_of(["ann"]), deadline=deadline))
    assert live.seconds == [left_s]

"""What users did most with lately, from the events that the state stage has read."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.pipeline.tables import catalogue_of, knowing, requests_of
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.features.window_feature import WindowFeature
from winnow.pipeline.request_hydrators import ContextHydrator
from winnow.pipeline.window_hydrator import WindowHydrator
from winnow.schema.feature import Entity
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

# Item n has the code n: item 0 has no word, item 1 an unknown one.
WORDS = ("red", "blue", "green")
CATALOGUE = catalogue_of(4)
CLICKED = WindowFeature(column="clicked", types=("click",), over_s=100.0, last_events=100, place=0, words=WORDS)
SEEN = WindowFeature(column="seen", types=("click", "view"), over_s=1000.0, last_events=4, place=0, words=WORDS)


def found(events, windows=(CLICKED, SEEN), catalogue=CATALOGUE):
    """Of ann, and of whom nothing is known, at the instant 0."""
    store = MemoryState(StateConfig(length=9, counted=counted_types([])), lambda: 0.0)
    store.append(
        [
            Event(event_id=str(number), user_id="ann", item_id=item, type=type_, at=at)
            for number, (item, type_, at) in enumerate(events)
        ]
    )
    requests = replace(requests_of(["ann", ""]), at=np.zeros(2))
    return WindowHydrator(windows=windows, catalogue=catalogue).columns(knowing(requests, store, catalogue))


def values(column):
    return [value if there else None for value, there in zip(column.values, column.present, strict=True)]


def test_types_and_age_decide_what_counts_and_strangers_did_nothing():
    columns = found(
        [("item-3", "view", -900.0), ("item-3", "click", -101.0), ("item-2", "click", -100.0), ("item-3", "cart", -1.0)]
    )
    assert values(columns["clicked"]) == ["red", None]
    assert values(columns["seen"]) == ["blue", None]


def test_items_without_a_word_and_items_that_are_gone_do_not_count():
    events = [("item-2", "click", -9.0), *[(item, "click", -5.0) for item in ("item-0", "item-1", "gone")]]
    assert values(found(events)["clicked"]) == ["red", None]
    assert values(found(events[1:])["clicked"]) == [None, None]
    assert values(found(events, catalogue=catalogue_of(0))["clicked"]) == [None, None]


def test_items_that_came_since_training_count():
    events = [("item-2", "click", -9.0), ("item-4", "click", -5.0)]
    assert values(found(events)["clicked"]) == ["red", None]
    assert values(found(events, catalogue=catalogue_of(5))["clicked"]) == ["green", None]


def test_only_the_last_events_are_looked_at_as_in_training():
    events = [("item-2", "view", -99.0)] * 4 + [("item-3", "click", -9.0)] * 3
    assert values(found(events)["seen"]) == ["blue", None]
    assert values(found(events, windows=(replace(SEEN, last_events=7),))["seen"]) == ["red", None]


@pytest.mark.parametrize("claimed", [{}, {"clicked": np.array(["blue", "blue"], object)}])
def test_the_context_reads_what_is_computed_whatever_a_caller_claims(claimed):
    feature = FittedFeature(name="clicked", column="clicked", transform=VocabularyCodes(known=WORDS))
    hydrator = ContextHydrator(
        fitted=FittedFeatures(entity=Entity.CONTEXT, features=(feature,)),
        windows=WindowHydrator(windows=(CLICKED,), catalogue=CATALOGUE),
    )
    store = MemoryState(StateConfig(length=9, counted=counted_types([])), lambda: 0.0)
    store.append([Event(event_id="1", user_id="ann", item_id="item-2", type="click", at=-1.0)])
    requests = replace(requests_of(["ann", ""]), at=np.zeros(2), context=claimed)
    columns = hydrator.columns(knowing(requests, store, CATALOGUE))
    assert columns["context_codes"].tolist() == [[2], [0]]

"""What a visit is about and how likely clicks are, against slow loops."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.features.drawn_likings import drawn_likings
from tests.unit.pipeline.happened import NOW, Happened, live
from tests.unit.pipeline.tables import candidates_of, catalogue_of, knowing, requests_of
from winnow.features.feature_arrays import items_at
from winnow.features.item_tastes import ItemTastes
from winnow.features.likeness import RECENT, VISIT_S, likeness
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.click_hydrators import CHANCES, CLICKS, ClickHydrator, VisitHydrator
from winnow.pipeline.hydrators import ItemHydrator
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.event_log import EventLog
from winnow.stores.shown_figures import ShownFigures
from winnow.stores.state_store import StateReader

ITEMS = 6
CATALOGUE = catalogue_of(ITEMS)
EVENTS = np.arange(2.0 * ITEMS, dtype=np.float32).reshape(ITEMS, 2) + 1
COUNTED = counted_types(["click", "purchase"])
USERS = ("ann", "bob", "cid")

happened = st.tuples(
    st.sampled_from(USERS),
    st.sampled_from([*CATALOGUE.item_ids, "no such item"]),
    st.sampled_from(["click", "purchase", "view"]),
    st.sampled_from([0.0, 1.0, 600.0, VISIT_S, VISIT_S + 1, 5_000.0]),
)
"""Who, what, how and how many seconds ago."""


def past(events: Sequence[Happened]) -> EventLog:
    users, items, types, ago = zip(*events, strict=True) if events else ((), (), (), ())
    codes = np.array([CODE_OF_TYPE[each] for each in types], np.int8)
    return EventLog.of(users, stable_hashes(items), codes, NOW - np.array(ago, np.float64))


def visits(store: StateReader, *users: str, length: int = 0, catalogue: Catalogue = CATALOGUE):
    """What a visit of each of the users is about."""
    events = EVENTS.__getitem__ if length else None
    hydrator = VisitHydrator(counted=COUNTED, length=length, width=EVENTS.shape[1], events=events)
    return hydrator.columns(knowing(asked(*users), store, catalogue))


def asked(*users: str):
    return replace(requests_of(users), at=np.full(len(users), NOW))


def done(events: Sequence[Happened], user: str) -> list[tuple[int, float]]:
    """Rows of the items that count and how long ago, latest first; of what happened at once the last comes first."""
    mine = [(ago, -place, item) for place, (who, item, type_, ago) in enumerate(events) if who == user and ago > 0]
    counted = [each for each in mine if events[-each[1]][2] != "view"]
    return [(CATALOGUE.row(item), ago) for ago, _, item in sorted(counted)]


@pytest.mark.parametrize("store", [live, past])
@given(events=st.lists(happened, max_size=12))
def test_a_visit_is_the_last_items_that_are_not_too_old_latest_first(store, events: list[Happened]):
    expected = []
    for user in (*USERS, "", "nobody"):
        rows = [row if ago <= VISIT_S else -1 for row, ago in done(events, user)[:RECENT]]
        expected.append(rows + [-1] * (RECENT - len(rows)))
    columns = visits(store(events), *USERS, "", "nobody")
    assert list(columns) == ["visit"]
    assert columns["visit"].tolist() == expected
    assert columns["visit"].dtype == np.int64
    assert [visits(store(events), user)["visit"].tolist() for user in USERS] == [[row] for row in expected[:3]]


@pytest.mark.parametrize("length", [1, 2, 5])
@given(events=st.lists(happened, max_size=12))
def test_a_history_is_the_last_events_however_old_and_the_rest_is_padding(length: int, events: list[Happened]):
    columns = visits(live(events), *USERS, "", length=length)
    histories = [[row for row, _ in done(events, user)[:length]] for user in (*USERS, "")]
    width = max(1, *map(len, histories))
    assert columns["history_events"].shape == (4, width, 2)
    assert columns["history_events"].dtype == columns["history_present"].dtype == np.float32
    for given_, present, history in zip(
        columns["history_events"].tolist(), columns["history_present"].tolist(), histories, strict=True
    ):
        known = [EVENTS[row].tolist() if row >= 0 else [0, 0] for row in history]
        assert sorted(given_) == sorted(known + [[0, 0]] * (width - len(history)))
        assert [any(each) for each in given_] == [each == 1 for each in present]
    bare = visits(live(events), *USERS, "")
    assert columns["visit"].tolist() == bare["visit"].tolist(), "a history does not change what the visit is about"
    for place, user in enumerate(USERS):
        alone = visits(live(events), user, length=length)
        own = alone["history_present"].shape[1]
        assert not columns["history_present"][place, own:].any()
        for name in ("history_events", "history_present"):
            np.testing.assert_array_equal(alone[name][0], columns[name][place, :own])


@pytest.mark.parametrize("length", [0, 4])
@pytest.mark.parametrize("batch", [0, 2])
def test_strangers_have_done_nothing(length: int, batch: int):
    strangers = visits(live([]), *[""] * batch, length=length)
    assert list(strangers) == ["visit", *["history_events", "history_present"][: length and 2]]
    assert (strangers["visit"] == -1).all()
    assert not any(strangers[name].any() for name in strangers if name != "visit")


def test_of_an_empty_catalogue_nothing_was_done():
    columns = visits(live([("ann", "item-1", "click", 5.0)]), "ann", length=4, catalogue=catalogue_of(0))
    assert columns["visit"].tolist() == [[-1, -1, -1]]
    assert columns["history_present"].tolist() == [[0]]
    assert columns["history_events"].tolist() == [[[0, 0]]]


@dataclass(frozen=True)
class SumScorer:
    """Adds up what a click model reads of each candidate; of no candidates it must not be asked."""

    times: float = 1.0

    def answers(self, requests, candidates):
        assert len(candidates)
        read = [candidates.array(name).sum(axis=1) for name in ("item_vectors", "shown", "likeness")]
        mood = requests.array("mood")[candidates.request_of()]
        return {"score": (self.times * (sum(read) + mood)).astype(np.float32)}


SPACE = TasteSpace(
    codes=(np.linspace(-1, 1, ITEMS, dtype=np.float32)[:, None],),
    values=np.array([[0.5]], np.float32),
    vectors={"looks": np.array([[-0.25]], np.float32)},
    centre=np.array([0.125], np.float32),
)
SHOWN = ShownFigures.of(np.linspace(0, 1, 3 * ITEMS + 3, dtype=np.float32).reshape(-1, 3), (), ())
ITEM_VECTORS = np.linspace(-2, 0, ITEMS, dtype=np.float32)[:, None]
KINDS = drawn_likings(1, 2, columns=(0, 0), sizes=(6, 6))
VISITS, TASTES, MOODS = [[1, 2, -1], [-1, -1, -1], [4, -1, -1]], [[1.0, -1.0], [0.0, 0.0], [2.0, 3.0]], [0.5, 1.5, -2.0]
INTENTS = np.arange(36, dtype=np.float32).reshape(3, 12)


def clicks_of(lists: Sequence[Sequence[int]], scorer=None):
    size = len(lists)
    columns = {
        "visit": np.array(VISITS[:size], np.int64).reshape(size, 3),
        "taste": np.array(TASTES[:size], np.float32).reshape(size, 2),
        "mood": np.array(MOODS[:size], np.float32),
        "intent": INTENTS[:size],
    }
    hydrator = ClickHydrator(
        common=scorer or SumScorer(),
        catalogue=CATALOGUE,
        items=lambda rows: {"item_vectors": ITEM_VECTORS[rows]},
        shown=SHOWN,
        tastes=ItemTastes(space=SPACE, items=CATALOGUE),
        likings=KINDS,
    )
    requests, candidates = requests_of([""] * size, columns=columns), candidates_of(lists)
    hydrated = candidates.with_columns(ItemHydrator.of(CATALOGUE).columns(requests, candidates))
    return hydrator.columns(requests, hydrated)


@given(st.lists(st.lists(st.integers(0, ITEMS - 1), unique=True, max_size=ITEMS), max_size=3))
def test_of_each_candidate_it_says_chance_log_odds_taste_what_came_of_showing_it_and_whether_it_is_come_for(
    lists: list[list[int]],
):
    told = clicks_of(lists)
    assert list(told) == [CLICKS]
    assert told[CLICKS].shape == (sum(map(len, lists)), CHANCES + 3 + 2)
    assert told[CLICKS].dtype == np.float32
    expected = []
    for place, row in ((place, row) for place, rows in enumerate(lists) for row in rows):
        item, shown = items_at(CATALOGUE, np.array([row])), SHOWN.items[row]
        alike = likeness(CATALOGUE, item, np.array([VISITS[place]]), np.array([0]))
        common = ITEM_VECTORS[row].sum() + shown.sum() + alike.sum() + MOODS[place]
        taste = float(np.dot(TASTES[place], SPACE(item)[0]))
        chance = 1 / (1 + exp(-(common + taste)))
        expected.append([log(chance), common, taste, *shown, *INTENTS[place][[row, 6 + row]]])
    np.testing.assert_allclose(told[CLICKS], np.array(expected).reshape(-1, CHANCES + 5), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("times", [1e4, -1e4, 1e30, -1e30])
def test_the_logarithm_of_a_chance_is_finite_however_sure_the_model_is(times: float):
    told = clicks_of([[0, 5], [3]], SumScorer(times))[CLICKS]
    assert np.isfinite(told).all()
    assert (told[:, 0] <= 0).all()
    assert (told[:, 0] == np.minimum(told[:, 1] + told[:, 2], 0)).all()

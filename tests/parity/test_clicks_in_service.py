"""The served column `clicks` is what torch says of the same candidates, made as training makes its impressions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.clicked_shop import ClickedShop, clicked_shop, visits_of
from tests.trained_shop import values_of_items
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.positive_events import positive_events
from winnow.models.click_sizes import ClickSizes
from winnow.ops.index_queries import index_examples, persons_asking
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.click_hydrators import CLICKS
from winnow.pipeline.requests import Requests
from winnow.recipes.recipes import tiny
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig
from winnow.training.landings import landings

TOLERANCE = 1e-5
SIZES = (tiny().clicks.sizes, ClickSizes(kind="dcn", dim=16, top=(32, 16), history=10))
ASKED = 12
"""Requests of each sort."""


@pytest.fixture(scope="module", params=SIZES, ids=["dlrm", "dcn with a history"])
def served(
    request: pytest.FixtureRequest, shop: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> ClickedShop:
    return clicked_shop(shop, bundle, tmp_path_factory.mktemp("clicked") / "bundle", request.param)


def clicks(shop: ClickedShop) -> pa.Table:
    """What was clicked in the training time."""
    events = shop.dataset.events.filter(pa.array(positive_events(shop.dataset)))
    return events.filter(pa.array(events[AT].to_numpy() < shop.batches.shown.last.until))


@pytest.fixture(scope="module")
def asked(served: ClickedShop) -> Requests:
    """The latest clicks of the training time, as of themselves and of the landings of their visits, and a stranger."""
    events = clicks(served)
    users, at = np.array(events[USER].to_pylist()), events[AT].to_numpy()
    landed = landings(np.unique(users, return_inverse=True)[1], at)
    later = np.flatnonzero(at > landed)[-ASKED:]
    names, instants = [*users[later], *users[-ASKED:], "nobody"], np.concatenate([at[later], landed[-ASKED:], at[-1:]])
    order = np.argsort(instants, kind="stable")
    return visits_of(served, np.array(names)[order].tolist(), instants[order])


@pytest.fixture(scope="module")
def answered(served: ClickedShop, asked: Requests) -> tuple[Requests, Candidates]:
    return served.engine.pipeline.candidates(asked)


def test_it_is_what_training_would_read(served: ClickedShop, answered: tuple[Requests, Candidates]):
    requests, candidates = answered
    there = (requests.array("visit") >= 0).sum(axis=1)
    assert (there == 0).sum() > ASKED / 2
    assert (there > 0).sum() >= ASKED
    found = candidates.array(CLICKS)
    assert found[:, 1].std() > 0.1, "it is not the same of all"
    assert found[:, 2].std() > 0.1
    np.testing.assert_allclose(found, served.expected(requests, candidates), rtol=0, atol=TOLERANCE)


def test_events_that_came_since_count_as_those_of_the_training_time(served: ClickedShop):
    since = served.dataset.events.filter(
        pa.array(served.dataset.events[AT].to_numpy() >= served.batches.shown.last.until)
    ).to_pylist()
    live = MemoryState(StateConfig(length=100, counted=counted_types([])))
    live.append(
        [
            Event(event_id=str(place), user_id=each[USER], item_id=each[ITEM], type=each[TYPE], at=each[AT])
            for place, each in enumerate(since)
        ]
    )
    engine = served.engine
    assembly = replace(engine.assembly, state=replace(engine.state, live=live))
    users, end = [each[USER] for each in since[-ASKED:]], since[-1][AT] + 1
    asked = visits_of(served, users, np.full(ASKED, end))
    requests, candidates = assembly.pipelines(engine.stock)[0].candidates(asked)
    assert (requests.array("visit") >= 0).any(axis=1).sum() > 2
    expected = served.expected(requests, candidates)
    np.testing.assert_allclose(candidates.array(CLICKS), expected, rtol=0, atol=TOLERANCE)
    forgetful = engine.pipeline.candidates(asked)[0]
    assert not (forgetful.array("visit") >= 0).any()


def test_what_is_said_of_a_request_does_not_depend_on_the_others(
    served: ClickedShop, asked: Requests, answered: tuple[Requests, Candidates]
):
    _, together = answered
    for place in range(len(asked)):
        _, alone = served.engine.pipeline.candidates(asked.take(np.array([place])))
        mine = slice(*together.offsets[place : place + 2])
        np.testing.assert_array_equal(alone.item_rows, together.item_rows[mine])
        np.testing.assert_allclose(alone.array(CLICKS), together.array(CLICKS)[mine], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("requests_left", [1, 3])
def test_what_is_said_of_a_candidate_does_not_depend_on_the_others(
    served: ClickedShop, answered: tuple[Requests, Candidates], requests_left: int
):
    """Of one request, and of several that have unequally many or none."""
    requests, candidates = answered
    [stage] = [each for each in served.engine.pipeline.ranking if each.name == CLICKS]
    for keeps in ([1, 0, 4], [1, 7, 0]):
        number = np.arange(len(candidates)) - np.repeat(candidates.offsets[:-1], candidates.counts)
        wanted = np.array([*keeps[:requests_left], *[0] * (len(requests) - requests_left)])
        few = candidates.keep(number < wanted[candidates.request_of()])
        if requests_left == 1:
            one = np.array([0])
            few = Candidates(item_rows=few.item_rows, offsets=few.offsets[:2], columns=few.columns)
            again = stage(requests.take(one), few)
        else:
            again = stage(requests, few)
        assert len(again) == sum(keeps[:requests_left])
        np.testing.assert_allclose(again.array(CLICKS), few.array(CLICKS), rtol=0, atol=TOLERANCE)


def test_a_new_item_counts_in_a_visit_and_in_a_history_as_the_one_that_it_is_a_copy_of(served: ClickedShop, shop: Path):
    like = served.engine.catalogue.item_ids[7]
    engine = served.engine.with_items({"quite new": values_of_items(shop)[like]})
    engine.state.append(
        [
            Event(event_id=f"{user} 1", user_id=user, item_id=item, type="click", at=4e9)
            for user, item in (("one who clicked the old", like), ("one who clicked the new", "quite new"))
        ]
    )
    asked = visits_of(served, ["one who clicked the old", "one who clicked the new"], np.full(2, 4e9 + 1))
    requests, _ = engine.pipeline.candidates(asked)
    assert requests.array("visit").tolist() == [[7, -1, -1], [len(served.engine.catalogue), -1, -1]]
    if served.batches.history:
        old, new = requests.array("history_events")
        assert requests.array("history_present").tolist() == [[1], [1]]
        assert np.abs(old).max() > 0.01
        np.testing.assert_allclose(new, old, rtol=0, atol=TOLERANCE)


def test_an_index_is_made_for_the_persons_that_a_service_searches_for(served):
    data = served.batches.data
    examples = index_examples(data.interactions)
    users, at = data.interactions.user_ids[data.interactions.users[examples]], data.interactions.at[examples]
    made = persons_asking(data, served.learned.tastes, examples)
    order = np.argsort(at, kind="stable")
    found, _ = served.engine.pipeline.candidates(visits_of(served, users[order].tolist(), at[order]))
    same = np.abs(made[order] - found.array("person")).max(axis=1) < TOLERANCE
    strangers = (np.arange(len(examples)) // 2 % 2 == 1)[order]
    arrived = (data.interactions.history_end == data.interactions.history_start)[examples][order]
    assert same[~strangers].all()
    assert not same[strangers].all()
    assert not made[order][strangers & arrived].any()
    assert made[order][strangers & ~arrived].any(axis=1).all()

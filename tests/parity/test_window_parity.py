"""What a user did most with lately is in training what it is in service, and nobody learns of it too early."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from winnow.api.recommendations import RecommendationRequest
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.open_dataset import open_dataset
from winnow.data.split import train_events
from winnow.data.write_dataset import write_dataset
from winnow.engine.open_engine import open_engine
from winnow.evaluation.held_impressions import held_impressions
from winnow.evaluation.leaks.find_leaks import find_leaks
from winnow.evaluation.served_clicks import click_stages, page_requests, served_clicks
from winnow.ops.evaluate import evaluate_bundle
from winnow.ops.replay import ReplayedRequests
from winnow.ops.train import train
from winnow.ops.train_files import TrainFiles
from winnow.recipes.recipes import tiny
from winnow.schema.errors import RequestError, Unavailable
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.progress import silent
from winnow.schema.transform import MISSING_CODE, HashBuckets, Vocabulary
from winnow.schema.window import Window
from winnow.serving.routes.recommendations_route import one_request
from winnow.stores.event import Event
from winnow.training.impression_rows import impression_rows
from winnow.training.training_set import asked_at
from winnow.training.window_columns import window_columns

WINDOWS = {
    "top_category": Window(of="category", over_hours=48, types=("click", "cart", "purchase")),
    "top_style": Window(of="style", over_hours=1000, types=("click",), last_events=150),
    "last_item": Window(of="item_id", over_hours=0.5),
}
KINDS = {"last_item": Kind.ID}
SPLIT_OF = tiny().split


def window(name):
    transform = HashBuckets(buckets=7) if name == "top_style" else Vocabulary()
    kind = KINDS.get(name, Kind.CATEGORY)
    return Feature(name=name, entity=Entity.CONTEXT, kind=kind, transform=transform, window=WINDOWS[name])


@pytest.fixture(scope="module")
def folder(shop, tmp_path_factory):
    """The shop as a data set whose schema has windows."""
    dataset, made = open_dataset(shop), tmp_path_factory.mktemp("windows") / "shop"
    schema = replace(dataset.schema, features=(*dataset.schema.features, *map(window, WINDOWS)))
    write_dataset(replace(dataset, schema=schema), made)
    return made


@pytest.fixture(scope="module")
def dataset(folder):
    return open_dataset(folder)


@pytest.fixture(scope="module")
def trained(dataset, tmp_path_factory):
    """A bundle, what its ranker was asked, and what it was trained on."""
    recipe, caught = tiny(), []
    recipe = replace(
        recipe,
        retrieval=replace(recipe.retrieval, epochs=1),
        ranking=replace(recipe.ranking, requests=300, epochs=1),
        clicks=replace(recipe.clicks, epochs=1, tastes=replace(recipe.clicks.tastes, rounds=1, users=50)),
    )

    def kept(**told):
        caught.append(ReplayedRequests(**told))
        return caught[0]

    out = tmp_path_factory.mktemp("windowed") / "bundle"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("winnow.ops.train.ReplayedRequests", kept)
        train(dataset, recipe, out, silent, files=TrainFiles(vectors=out.parent / "vectors.arrow"))
    return out, caught[0]


@pytest.fixture(scope="module")
def engine(trained):
    return open_engine(trained[0])


@pytest.fixture(scope="module")
def asked(trained):
    return trained[1]


@pytest.fixture(scope="module")
def events(dataset):
    return train_events(dataset, SPLIT_OF(dataset))


def places(fitted):
    """Of the windows, among the columns of codes."""
    codes = [each.name for each in fitted.outputs if each.form == "code"]
    return [codes.index(name) for name in WINDOWS]


def hydrated(engine, requests):
    asking = {each.name: each for each in engine.pipeline.request_stages}
    for name in ("state", "context"):
        requests = requests.with_columns(asking[name].columns(requests))
    return requests.array("context_codes")


def slow(dataset, user, at, declared):
    """The raw value by a loop over all events of the data set."""
    words = dict(zip(dataset.items[ITEM].to_pylist(), dataset.items[declared.of].to_pylist(), strict=True))
    counts, latest = {}, {}
    mine = [each for each in dataset.events.to_pylist() if each[USER] == user and each[TYPE] in declared.types]
    for place, each in enumerate(mine):
        word = words[each[ITEM]]
        if at - declared.over_s <= each[AT] < at and word is not None:
            counts[word], latest[word] = counts.get(word, 0) + 1, place
    return max(counts, key=lambda word: (counts[word], latest[word]), default=None)


def test_the_codes_of_every_training_example_are_those_of_its_request(engine, asked):
    data = asked.data
    requests = asked.of(np.arange(len(data.interactions)), data.interactions.at)
    assert not set(requests.context) & set(WINDOWS)
    served = hydrated(engine, requests)
    np.testing.assert_array_equal(served, data.contexts.codes)
    for place in places(data.fitted[Entity.CONTEXT]):
        assert 0.05 < (served[:, place] == MISSING_CODE).mean() < 0.95
        assert len(np.unique(served[:, place])) > 3


def test_the_ranker_learns_from_what_was_known_on_landing(engine, asked, dataset, events):
    landed, later = asked.landed, np.flatnonzero(asked.later)
    data = asked_at(asked.data, dataset, events, landed)
    served = hydrated(engine, asked.of(later, landed[later]))
    np.testing.assert_array_equal(data.contexts.codes[later], served)
    np.testing.assert_array_equal(data.contexts.values, asked.data.contexts.values)
    assert (data.contexts.codes[later] != asked.data.contexts.codes[later]).any()
    assert (landed <= asked.data.interactions.at).all()


def test_raw_columns_are_those_of_a_loop_over_all_events(asked, dataset, events):
    data = asked.data
    table = window_columns(dataset, dataset.events, data.fitted[Entity.ITEM], data.items.codes).appended(events)
    for row in table.slice(table.num_rows // 3).to_pylist()[::997]:
        for name, declared in WINDOWS.items():
            assert row[name] == slow(dataset, row[USER], row[AT], declared)


def test_what_happens_later_or_at_the_very_instant_changes_nothing(asked, dataset):
    data, whole = asked.data, dataset.events
    chosen = whole.slice(whole.num_rows // 2, 300)
    told = {"fitted": data.fitted[Entity.ITEM], "codes": data.items.codes}
    others = whole.slice(0, whole.num_rows // 2)
    before = window_columns(dataset, others, **told).appended(chosen, np.full(300, chosen[AT][0].as_py()))
    after = window_columns(dataset, whole, **told).appended(chosen, np.full(300, chosen[AT][0].as_py()))
    assert before.select(list(WINDOWS)).to_pylist() == after.select(list(WINDOWS)).to_pylist()
    assert before["top_style"].null_count < 300


def test_impressions_are_learned_from_and_judged_with_what_was_known_when_their_page_was_asked(engine, asked, dataset):
    held = held_impressions(dataset, SPLIT_OF(dataset))
    pages = np.arange(len(held.pages_at))[:200]
    requests = page_requests(engine, held, pages)
    for stage in click_stages(engine, dataset).of_requests:
        requests = requests.with_columns(stage.columns(requests))
    rows = impression_rows(dataset, dataset.impressions, asked.data)
    names = np.array(dataset.impressions[USER].to_pylist())
    first = {key: row for row, key in reversed(list(enumerate(zip(names, rows.pages_at, strict=True))))}
    found = [first[key] for key in zip(requests.user_ids, requests.at, strict=True)]
    which = places(asked.data.fitted[Entity.CONTEXT])
    np.testing.assert_array_equal(rows.contexts.codes[found][:, which], requests.array("context_codes")[:, which])
    assert (requests.array("context_codes")[:, which] > MISSING_CODE).any(axis=0).all()
    assert np.isfinite(served_clicks(engine, dataset, held, silent).scores).all()


def test_a_click_counts_for_the_very_next_request_and_a_caller_cannot_claim_one(trained, dataset):
    engine, at = open_engine(trained[0]), 2e9
    of_item = dict(zip(dataset.items[ITEM].to_pylist(), dataset.items["category"].to_pylist(), strict=True))
    item_id, word = next((item_id, word) for item_id, word in of_item.items() if word is not None)
    request = one_request(engine, RecommendationRequest(user_id="somebody new"), "a", at)
    place = places(engine.assembly.context)[0]
    assert hydrated(engine, request)[0, place] == MISSING_CODE
    engine.state.append([Event(event_id="e", user_id="somebody new", item_id=item_id, type="cart", at=at - 1.0)])
    (fitted,) = [each for each in engine.assembly.context.features if each.name == "top_category"]
    assert hydrated(engine, request)[0, place] == fitted.transform(np.array([word], object))[0][0] > 1
    assert not set(engine.context_names) & set(WINDOWS)
    assert not set(engine.context_columns([{"top_category": word}])) & set(WINDOWS)
    claimed = RecommendationRequest(user_id="u", context={"top_category": word})
    with pytest.raises(RequestError, match=r"'context\.top_category' is not known to the bundle"):
        one_request(engine, claimed, "a", at)


def test_a_silent_store_leaves_windows_missing_and_answers_go_on(engine):
    class Silent:
        def read(self, user_ids, before, within_s=math.inf):
            raise Unavailable("silent")

    pipeline, _ = replace(engine.assembly, state=Silent()).pipelines(engine.stock)
    request = one_request(engine, RecommendationRequest(user_id="u1", k=5), "a", 1e9)
    answer = pipeline(request)
    assert answer.trace.degraded == ("state",)
    assert len(answer.item_rows) == 5
    hydrated, _ = pipeline.candidates(request)
    which = places(engine.assembly.context)
    assert hydrated.array("context_codes")[0, which].tolist() == [MISSING_CODE] * len(WINDOWS)


def test_no_check_and_no_report_asks_a_table_for_a_window(trained, dataset, folder):
    found = find_leaks(dataset, SPLIT_OF(dataset))
    assert not any(name in json.dumps(found.to_dict(), default=str) for name in WINDOWS)
    report = evaluate_bundle(trained[0], ("masked",), silent, data=folder, allow_leaks=True)
    assert report.rows

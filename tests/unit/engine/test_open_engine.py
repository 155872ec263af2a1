"""Bundles that are whole, that lack a part, or whose parts are those of another, as the engine finds them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.bundle.small_bundle import forge, raw_manifest
from tests.unit.pipeline.tables import lists, requests_of
from tests.unit.serving.small_engine import SilentState
from winnow.bundle.bundle import ATTACHMENTS, Bundle
from winnow.bundle.model_files import INPUTS_FILE, MODEL_FILE
from winnow.engine.engine import Engine
from winnow.engine.open_engine import POPULARITY_FILE, open_engine
from winnow.pipeline.requests import Requests
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.schema.errors import BundleError, RecipeError, Unavailable
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

NOW = 4e9
"""After everything that the bundle knows."""
NEEDED = (
    "catalogue",
    "events",
    "features_context",
    "features_user",
    "index",
    "popularity",
    "query",
    "users",
)


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    """A bundle that may be changed."""
    return shutil.copytree(bundle, tmp_path / "bundle", ignore=shutil.ignore_patterns(ATTACHMENTS))


def without(path: Path, *parts: str) -> Path:
    for part in parts:
        shutil.rmtree(path / part)
    forge(path)
    return path


def asked(*users: str, k: int = 10) -> Requests:
    return replace(requests_of(users, k=k), at=np.full(len(users), NOW))


def test_a_whole_bundle_answers_by_the_ranker_and_knows_the_order_of_retrieval(bundle, engine):
    manifest = Bundle.open(bundle).manifest
    assert (engine.name, engine.digest) == (manifest.name, manifest.digest)
    assert engine.retrieval is not None
    known = engine.state.base.user_ids[:20]
    ranked, retrieved = engine.pipeline(asked(*known)), engine.retrieval(asked(*known))
    assert ranked.offsets.tolist() == retrieved.offsets.tolist() == list(range(0, 10 * len(known) + 1, 10))
    assert lists(ranked.item_rows, ranked.offsets) != lists(retrieved.item_rows, retrieved.offsets)
    assert ranked.trace.degraded == ()
    names = [row.name for row in ranked.trace.stages]
    unread = {"visit", "items", "match", "sources", "clicks"}
    assert [row.name for row in retrieved.trace.stages] == [name for name in names if name not in unread]
    assert names == [row.name for row in engine.retrieval(asked("u1"), details=True).trace.stages]
    assert names == [
        "state", "user", "context", "history", "had", "person", "query", "visit",
        "ann", "covisited", "own", "popular", "trending", "category", "similar", "fresh", "retrieve",
        "allowed", "wanted", "exclude", "seen", "fill", "items", "match", "sources", "clicks", "rank", "select",
    ]  # fmt: skip


def test_where_clicks_are_worth_something_the_order_of_retrieval_reads_them(engine):
    config = replace(engine.assembly.config, reranking=RerankingConfig(worth={"click": 1.0}))
    _, retrieval = replace(engine.assembly, config=config).pipelines(engine.stock)
    assert {"visit", "person", "items", "clicks", "worth"} <= {row.name for row in retrieval(asked("u1")).trace.stages}


def test_a_recipe_with_rules_reranks_both_orders_and_the_default_has_no_stage_for_them(engine):
    config = replace(engine.assembly.config, select="mmr", reranking=RerankingConfig(promotions={"nobody": 1.0}))
    for path in replace(engine.assembly, config=config).pipelines(engine.stock):
        answer = path(asked("u1", "u2"))
        assert answer.offsets.tolist() == [0, 10, 20]
        assert [row.name for row in answer.trace.stages][-4:] == ["rank", "promotion", "relevance", "select"]


def test_where_a_purchase_is_worth_more_what_is_bought_after_clicks_ranks_higher(engine):
    assert engine.assembly.clicks.further == ("cart", "purchase", "dismiss")
    requests, chances = asked(*engine.state.base.user_ids[:50]), {}
    for purchase in (0, 1_000):
        rules = RerankingConfig(worth={"click": 1, "purchase": purchase})
        config = replace(engine.assembly.config, reranking=rules)
        path, _ = replace(engine.assembly, config=config).pipelines(engine.stock)
        answer = path(requests)
        assert [row.name for row in answer.trace.stages][-3:] == ["rank", "worth", "select"]
        candidates = path.candidates(requests)[1]
        after = candidates.array("after")
        assert after.dtype == np.float32
        assert ((after > 0) & (after < 1)).all()
        assert (after[:, 1] < after[:, 0]).mean() > 0.9
        bought = {
            (request, item): chance
            for request, item, chance in zip(
                candidates.request_of(), candidates.item_rows, after[:, 1].tolist(), strict=True
            )
        }
        whose = np.repeat(np.arange(len(requests)), np.diff(answer.offsets))
        chances[purchase] = np.mean([bought[each] for each in zip(whose, answer.item_rows, strict=True)])
    assert chances[1_000] > 1.03 * chances[0]


def test_worth_is_refused_where_the_bundle_has_no_click_model(engine):
    rules = RerankingConfig(worth={"click": 1, "purchase": 10})
    config = replace(engine.assembly.config, reranking=rules)
    with pytest.raises(RecipeError, match="the bundle has no click model"):
        replace(engine.assembly, config=config, clicks=None).pipelines(engine.stock)


def test_a_bundle_without_a_ranker_answers_in_the_order_of_retrieval(engine, copy):
    plain = open_engine(without(copy, "ranker"))
    assert plain.retrieval is None
    answer, expected = plain.pipeline(asked("u1", "u2")), engine.retrieval(asked("u1", "u2"))
    np.testing.assert_array_equal(answer.item_rows, expected.item_rows)
    np.testing.assert_array_equal(answer.scores, expected.scores)


def test_a_bundle_with_a_ranker_only_is_whole_and_answers_no_requests(copy):
    path = without(copy, "query", "item", "index")
    assert Bundle.open(path).has("ranker")
    with pytest.raises(BundleError, match=r"has no part 'index'; it has: .*ranker"):
        open_engine(path)


@pytest.mark.parametrize("part", NEEDED)
def test_a_part_that_requests_need_is_named_when_it_is_missing(copy, part):
    with pytest.raises(BundleError, match=f"has no part '{part}'; it has: "):
        open_engine(without(copy, part))


def test_what_serving_does_not_read_may_be_left_out(engine, copy):
    answer = open_engine(without(copy, "item")).pipeline(asked("u1"))
    np.testing.assert_array_equal(answer.item_rows, engine.pipeline(asked("u1")).item_rows)


def test_popularity_of_another_catalogue_is_a_sentence(engine, copy):
    np.save(copy / "popularity" / POPULARITY_FILE, np.ones(len(engine.catalogue) + 1, np.float32))
    forge(copy)
    with pytest.raises(BundleError, match=r"'popularity' .* has the shape \[121\]; the catalogue has 120 items"):
        open_engine(copy)


def test_tower_vectors_of_another_index_are_a_sentence(engine, copy):
    np.save(copy / "catalogue" / "tower.npy", engine.catalogue.tower[:, 1:])
    forge(copy)
    with pytest.raises(BundleError, match="Parts of two bundles were mixed"):
        open_engine(copy)


@pytest.mark.parametrize("part", ["query", "ranker"])
def test_a_model_that_cannot_be_read_is_a_sentence(copy, part):
    (copy / part / MODEL_FILE).write_bytes(b"half a mod")
    forge(copy)
    with pytest.raises(BundleError, match=f"{part} cannot be opened by ONNX Runtime"):
        open_engine(copy)


@pytest.mark.parametrize("part", ["query", "ranker"])
def test_a_model_with_the_inputs_of_another_is_a_sentence(copy, part):
    (copy / part / INPUTS_FILE).write_text(json.dumps({"request": ["mood"], "candidate": []}))
    forge(copy)
    with pytest.raises(BundleError, match=f"{part} has no input 'mood'"):
        open_engine(copy)


def with_pipeline(path: Path, **choices: object) -> Path:
    recipe = raw_manifest(path)["recipe"]
    forge(path, recipe={**recipe, "pipeline": {**recipe["pipeline"], **choices}})
    return path


def test_a_bundle_from_before_there_were_counts_answers_by_what_it_has(engine, copy):
    old = open_engine(without(copy, "ranker", "counts", "similar"))
    assert [each.name for each in old.pipeline.sources] == ["ann", "popular"]
    assert len(old.pipeline(asked("u1")).item_rows) == 10


def test_a_ranker_that_misses_a_source_of_which_it_is_told_is_refused_with_a_sentence(copy):
    with pytest.raises(BundleError, match=r"has learned from 2 sources, and its other parts feed 1 \(ann\)\. Train"):
        open_engine(without(copy, "counts"))


def test_the_recipe_in_the_bundle_says_how_candidates_are_found_and_picked(copy):
    engine = open_engine(with_pipeline(copy, ann_quota=7, popular_quota=3, select="sample", seen_types=["view"]))
    answer = engine.pipeline(asked("nobody", k=5))
    rows = {row.name: row.rows_out for row in answer.trace.stages}
    assert (rows["ann"], rows["popular"]) == (7, 3)
    assert (answer.propensities < 1).all()
    assert engine.seen_types == ("view",)


@pytest.mark.parametrize("choices", [{"mood": "good"}, {"ann_quota": -1}, {"select": "by mood"}])
def test_a_request_path_that_nobody_knows_is_a_sentence(copy, choices):
    with pytest.raises(RecipeError, match=r"mood|0 for none"):
        open_engine(with_pipeline(copy, **choices))


def test_new_events_go_to_the_store_that_was_given_and_outlive_the_engine(bundle):
    live = MemoryState(StateConfig(length=50, counted=counted_types(["click"])))
    engine = open_engine(bundle, lambda _: live)
    first = engine.catalogue.item_ids[engine.pipeline(asked("a newcomer")).item_rows[0]]
    click = Event(event_id="e-1", user_id="a newcomer", item_id=first, type="click", at=NOW - 1)
    assert engine.state.append([click]) == 1
    for each in (engine, open_engine(bundle, lambda _: live)):
        rows = each.pipeline(asked("a newcomer")).item_rows
        assert first not in [each.catalogue.item_ids[row] for row in rows]
    forgetful = open_engine(bundle).pipeline(asked("a newcomer"))
    assert engine.catalogue.item_ids[forgetful.item_rows[0]] == first


@pytest.mark.parametrize("k", [10, 1000])
def test_a_silent_state_store_makes_newcomers_of_all_and_the_answer_says_so(bundle, engine, k):
    answer = open_engine(bundle, lambda _: SilentState()).pipeline(asked("u1", k=k))
    assert answer.trace.degraded == ("state",)
    assert [row.fault for row in answer.trace.stages if row.fault] == ["The state store does not answer."]
    assert len(answer.item_rows) == min(k, len(engine.catalogue))
    assert not answer.seen.any()


def test_a_silent_state_store_takes_no_events(bundle):
    click = Event(event_id="e-2", user_id="u1", item_id="i1", type="click", at=NOW)
    with pytest.raises(Unavailable, match="does not answer"):
        open_engine(bundle, lambda _: SilentState()).state.append([click])

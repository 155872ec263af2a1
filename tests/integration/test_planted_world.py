"""The demo's shop and a smaller one, whose truth is known: what a trained pipeline finds of it, and what could be found
at most.
"""

from dataclasses import replace
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.shop.expected_clicks import expected_clicks
from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.shop_spec import SIZES, ShopSpec
from winnow.data.shop.tables import OPENING
from winnow.data.shop.truth import Truth
from winnow.data.shop.write_shop import write_shop
from winnow.engine.open_engine import open_engine
from winnow.ops.evaluate import evaluate_bundle
from winnow.ops.train import train
from winnow.pipeline.requests import Requests
from winnow.recipes.config import Config
from winnow.recipes.recipes import demo
from winnow.schema.column import Ragged
from winnow.schema.progress import silent
from winnow.stores.event import Event

DAY, WEEKDAY = 20, 6
MOMENTS = [(device, hour) for device in range(len(DEVICES)) for hour in (2, 8, 14, 20)]
LEARNERS = ("popular", "winnow", "reference", "oracle")


SMALLER = replace(SIZES["demo"], users=1_200, items=600, drawn=False)
MOVED = {SMALLER: 1 / 4, SIZES["demo"]: 1 / 2}
"""Share of the truth's effect of a moment that is found for known users at least: fewer users teach less of it."""
NEWCOMERS_MOVED = {SMALLER: 0.02, SIZES["demo"]: 0.1}
"""Logits of it that newcomers' lists move by at least."""
STAY = {SMALLER: 0.1, SIZES["demo"]: 0.2}
"""Items of ten that stay in a known user's list when the moment changes, beyond those that stay in a newcomer's."""


def recipe(spec: ShopSpec) -> Config:
    """That of the demo; in the smaller shop fewer users teach how users differ, which takes long."""
    config = demo()
    if spec is not SMALLER:
        return config
    tastes = replace(config.clicks.tastes, rounds=8, users=400)
    return replace(config, clicks=replace(config.clicks, tastes=tastes))


@pytest.fixture(
    scope="module", params=[SMALLER, pytest.param(SIZES["demo"], marks=pytest.mark.slow)], ids=["smaller", "demo"]
)
def spec(request) -> ShopSpec:
    return request.param


@pytest.fixture(scope="module")
def shop(spec, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "shop"
    write_shop(spec, folder)
    return folder


@pytest.fixture(scope="module")
def bundle(spec, shop, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "bundle"
    train(open_dataset(shop), recipe(spec), folder, silent)
    return folder


@pytest.fixture(scope="module")
def report(bundle):
    return evaluate_bundle(bundle, ("masked", "kept"), silent)


def figure(report, model, metric, users="all", seen="masked", k=10):
    [row] = [
        each
        for each in report.rows
        if (each.model, each.metric, each.k, each.slice) == (model, metric, k, users) and each.seen == seen
    ]
    return row.value


def test_planted_tastes_are_found_far_beyond_popularity(report):
    for seen in ("masked", "kept"):
        found, popular = (figure(report, model, "ndcg", "warm", seen) for model in ("winnow", "popular"))
        assert found > 1.5 * popular, (found, popular)


def test_the_pipeline_lies_between_popularity_and_what_a_perfect_learner_reaches(report):
    reached = [figure(report, model, "ndcg", "warm") for model in LEARNERS]
    assert all(low + 0.002 < high for low, high in pairwise(reached)), reached


def test_new_items_are_found_by_what_they_are_at_least_half_as_well_as_known_ones(report):
    for seen in ("masked", "kept"):
        new, known = (figure(report, "winnow", "recall", items, seen, 50) for items in ("new_items", "known_items"))
        assert new > 0.5 * known, (new, known)
    assert figure(report, "item_to_item", "recall", "new_items", k=50) < 0.02


def test_missing_content_does_little_harm(report):
    whole, without = (
        next(row.value for row in report.content if (row.feature, row.share, row.metric) == ("*", share, "recall"))
        for share in (1, 0)
    )
    assert without > 0.8 * whole, (without, whole)


def test_shares_of_the_lift_are_those_of_the_figures_beside_them(report):
    popular = figure(report, "popular", "ndcg")
    for best in ("oracle", "reference"):
        lift = figure(report, best, "ndcg") - popular
        for model in ("winnow", "retrieval_only"):
            share = figure(report, model, f"{best}_share_ndcg_at_10")
            assert share == pytest.approx((figure(report, model, "ndcg") - popular) / lift)
            assert 0.1 < share < 1
        assert figure(report, best, f"{best}_share_ndcg_at_10") == 1


@pytest.mark.parametrize("clicks", ["1 to 9 clicks", "10 to 29 clicks", "30 clicks or more"])
def test_the_reference_tells_clicks_apart_better_than_popularity_and_worse_than_the_oracle(report, clicks):
    auc = {row.model: row.auc for row in report.impressions if row.slice == clicks}
    assert auc["popular"] + 0.1 < auc["reference"] < auc["oracle"] - 0.01, auc


def test_the_more_clicks_the_nearer_the_reference_comes_to_the_oracle(report):
    gap = {row.slice: -row.auc for row in report.impressions if row.model == "reference"}
    for row in report.impressions:
        if row.model == "oracle":
            gap[row.slice] += row.auc
    assert gap["anonymous"] > gap["1 to 9 clicks"] > gap["10 to 29 clicks"] > gap["30 clicks or more"], gap


def test_device_and_hour_move_lists_in_the_planted_direction_and_no_further_than_the_truth_would(spec, shop, bundle):
    engine, truth = open_engine(bundle), Truth.open(shop)
    users = np.arange(0, spec.users, spec.users // 150)
    known = [f"u{row:05d}" for row in users]
    catalogue = truth.item_rows(pa.array(engine.catalogue.item_ids))
    gain, kept = {}, {}
    for name, asked in (
        ("anonymous", lambda device, hour: catalogue[top_ten(engine, [""], device, hour)]),
        ("known", lambda device, hour: catalogue[top_ten(engine, known, device, hour)]),
        ("truth", lambda device, hour: likeliest_ten(truth, users, device, hour)),
    ):
        lists = {moment: asked(*moment) for moment in MOMENTS}
        gain[name], kept[name] = moved_by_moments(truth, lists)
    assert gain["anonymous"] > NEWCOMERS_MOVED[spec], (
        "logits by which the planted effect of a moment is higher for that moment's list"
    )
    assert MOVED[spec] * gain["truth"] < gain["known"] < gain["truth"], gain
    assert kept["known"] > kept["anonymous"] + STAY[spec], "items of ten that stay when the moment changes"


def moved_by_moments(truth, lists):
    """By how many logits the planted effect is higher for the list of a moment than for that of another, and how many
    items stay."""
    effect = truth.world.moments.occasion[:, :, WEEKDAY] * truth.strength.scale["device_hour"]
    category, pairs = truth.world.items.category, list(permutations(MOMENTS, 2))
    gains = [(effect[to][category[lists[to]]] - effect[to][category[lists[at]]]).mean() for at, to in pairs]
    kept = [(lists[at][:, :, None] == lists[to][:, None]).any(axis=2).sum(axis=1).mean() for at, to in pairs]
    return np.mean(gains), np.mean(kept)


def likeliest_ten(truth, users, device, hour):
    """Item rows [U, 10] of the most clicks that can be expected, everything being known."""
    at = np.full(len(users), instant_of(hour))
    likings = truth.world.people(DAY).likings[users]
    return np.argsort(-expected_clicks(truth, likings, at, np.full(len(users), device)), axis=1)[:, :10]


def instant_of(hour):
    return OPENING + DAY * 86_400 + hour * 3600 + 1800.0


def top_ten(engine, users, device, hour):
    n = len(users)
    answer = engine.pipeline(
        Requests(
            request_ids=tuple(users),
            user_ids=tuple(users),
            at=np.full(n, instant_of(hour)),
            k=np.full(n, 10),
            exclude=Ragged(np.empty(0, np.int64), np.zeros(n + 1, np.int64)),
            seeds=np.arange(n).astype(np.uint64),
            context=engine.context_columns([{"device_type": DEVICES[device]}] * n),
        )
    )
    return answer.item_rows.reshape(n, 10)


def test_three_clicks_in_a_category_bring_more_of_it_and_what_was_dismissed_stays_away(bundle):
    engine, now = open_engine(bundle), OPENING + 28 * 86_400.0
    of_item = [card["category"] for card in engine.catalogue.cards]
    by_demand = np.argsort(-engine.stock.popularity, kind="stable")
    risen: list[float] = []
    for category in sorted(set(of_item)):
        user, mine = f"newcomer in {category}", [row for row in by_demand.tolist() if of_item[row] == category]
        before = best_of(engine, user, now)
        tell(engine, user, "click", mine[:3], now)
        after = best_of(engine, user, now)
        assert not set(mine[:3]) & set(after)
        risen.append(sum((row in mine) for row in after) / 10 - sum((row in mine) for row in before) / 10)
        tell(engine, user, "dismiss", after, now)
        assert not set(after) & set(best_of(engine, user, now, 200))
    assert np.mean(risen) > 0.3, risen


def best_of(engine, user, now, k=10) -> list[int]:
    requests = Requests(
        request_ids=("r",),
        user_ids=(user,),
        at=np.array([now]),
        k=np.array([k]),
        exclude=Ragged(np.empty(0, np.int64), np.array([0, 0])),
        seeds=np.array([0], np.uint64),
    )
    return engine.pipeline(requests).item_rows.tolist()


def tell(engine, user, kind, rows, now) -> None:
    ids = [engine.catalogue.item_ids[row] for row in rows]
    engine.state.append(
        [
            Event(event_id=f"{kind} {user} {each}", user_id=user, item_id=each, type=kind, at=now - 30 + place)
            for place, each in enumerate(ids)
        ]
    )

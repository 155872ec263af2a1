"""Ranker training: what decides a click must be found, and chance must stay chance."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from tests.unit.training.planted import DEVICES, ITEMS, planted_dataset
from winnow.models.dlrm import Dlrm
from winnow.models.interaction import DlrmSizes
from winnow.models.towers import QUERY_OUTPUTS
from winnow.models.wide import Wide
from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity
from winnow.training.held_requests import is_better
from winnow.training.progress import silent
from winnow.training.ranking import PARTS, RankingConfig, train_ranking
from winnow.training.ranking_rows import RankingRows
from winnow.training.training_set import TrainingSet, training_set

DIM, REQUESTS, CANDIDATES = 8, 1_600, 6
SIZES = DlrmSizes(dim=DIM, bottom=(16,), top=(16, 8))
CONFIG = RankingConfig(sizes=SIZES, epochs=8, batch_size=32, learning_rate=5e-3, wide_penalty=0.5)

BY_REQUEST = (
    "examples",
    "query",
    "history_vector",
    "moment_vector",
    "items",
    "match",
    "source_features",
    "clicks",
    "labels",
)


@cache
def planted() -> TrainingSet:
    dataset = planted_dataset()
    return training_set(dataset, dataset.events)


def drawn_rows(seed: int = 0) -> RankingRows:
    """Requests whose candidates are all alike but for chance; the first of each is the click."""
    draw = np.random.default_rng(seed)
    return RankingRows(
        examples=draw.permutation(len(planted().interactions))[:REQUESTS],
        tower=tower(),
        query=units(draw.normal(size=(REQUESTS, DIM))),
        history_vector=draw.normal(size=(REQUESTS, DIM)).astype(np.float32),
        moment_vector=draw.normal(size=(REQUESTS, DIM)).astype(np.float32),
        items=draw.integers(ITEMS, size=(REQUESTS, CANDIDATES)),
        match=match_of(draw),
        source_features=draw.uniform(size=(REQUESTS, CANDIDATES, 4)).astype(np.float32),
        clicks=np.empty((REQUESTS, CANDIDATES, 0), np.float32),
        labels=clicks_on(np.zeros(REQUESTS, int)),
        retrieved=1.0,
    )


def match_of(draw: np.random.Generator) -> Array:
    """About every second candidate was had."""
    match = draw.uniform(size=(REQUESTS, CANDIDATES, 3)).astype(np.float32)
    match[:, :, 2] = match[:, :, 2] > 0.5
    return match


def clicks_on(places: Array) -> Array:
    """Labels of requests with one click each."""
    return np.eye(CANDIDATES, dtype=np.float32)[places]


def tower() -> Array:
    return units(np.random.default_rng(1).normal(size=(ITEMS, DIM)))


def units(vectors: Array) -> Array:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def held_aside() -> Array:
    """The later half of the requests."""
    at = planted().interactions.at[drawn_rows().examples]
    by_time = sorted(range(REQUESTS), key=lambda row: (at[row], row))
    return np.array(by_time[REQUESTS // 2 :])


def clicked_by_match() -> RankingRows:
    rows = drawn_rows()
    return replace(rows, labels=clicks_on(rows.match[:, :, 1].argmax(axis=1)))


def clicked_by_a_source() -> RankingRows:
    rows = drawn_rows()
    return replace(rows, labels=clicks_on(rows.source_features[:, :, 3].argmax(axis=1)))


def clicked_by_style_and_device() -> RankingRows:
    """On a phone people click the one even style, on a desktop the one odd: neither side alone says anything."""
    rows, data = drawn_rows(), planted()
    device = planted_dataset().events["device"].take(data.interactions.event_rows[rows.examples])
    wanted = np.array([DEVICES.index(each) for each in device.to_pylist()])
    odd = np.where(rows.labels > 0, wanted[:, None], 1 - wanted[:, None])
    return replace(rows, items=rows.items - rows.items % 2 + odd)


def without_query(rows: RankingRows) -> RankingRows:
    """A retrieval that has no order."""
    return replace(rows, query=np.zeros((REQUESTS, DIM), np.float32))


def clicked_by_affinity() -> RankingRows:
    rows = drawn_rows()
    affinity = np.einsum("rd,rcd->rc", rows.query, tower()[rows.items])
    return replace(rows, labels=clicks_on(affinity.argmax(axis=1)))


@pytest.mark.parametrize("rows", [clicked_by_match, clicked_by_a_source, clicked_by_style_and_device])
def test_what_decides_is_found_on_requests_held_aside(rows):
    metrics = train_ranking(planted(), rows(), CONFIG, seed=0, progress=silent).metrics
    assert metrics["ranker_auc"] > 0.95
    assert metrics["ranker_choice"] < 0.35


def test_an_order_of_retrieval_that_is_right_is_left_alone():
    trained = train_ranking(planted(), clicked_by_affinity(), CONFIG, seed=0, progress=silent)
    assert trained.metrics["ranker_auc"] > 0.99
    assert {trained.metrics[name] for name in PARTS} == {0}


def test_chance_is_not_learned():
    rows = without_query(drawn_rows())
    metrics = train_ranking(planted(), rows, replace(CONFIG, epochs=1), 0, silent).metrics
    assert metrics["ranker_auc"] == pytest.approx(0.5, abs=0.12)
    assert metrics["ranker_choice"] == pytest.approx(np.log(CANDIDATES), rel=0.1)


def test_equal_seeds_give_equal_rankers_and_others_do_not():
    short = replace(CONFIG, epochs=2)
    rows = clicked_by_style_and_device()
    first, again, other = (train_ranking(planted(), rows, short, s, silent) for s in (3, 3, 4))
    theirs = again.model.state_dict()
    assert all(torch.equal(weights, theirs[name]) for name, weights in first.model.state_dict().items())
    assert first.metrics == again.metrics
    assert not torch.equal(first.model.interaction.top.candidate.weight, other.model.interaction.top.candidate.weight)


def test_what_later_requests_say_is_learned_and_judges_nothing_but_what_came_before():
    """Of the earlier half they contradict, and what they say makes the better half of what is learned."""
    rows = clicked_by_match()
    turned, later = clicks_on(rows.match[:, :, 1].argmin(axis=1)), held_aside()
    labels = rows.labels.copy()
    labels[later] = turned[later]
    assert train_ranking(planted(), replace(rows, labels=labels), CONFIG, 0, silent).metrics["ranker_wide"] == 0
    whole = train_ranking(planted(), rows, CONFIG, 0, silent)
    earlier = {name: np.delete(getattr(rows, name), later, axis=0) for name in BY_REQUEST}
    half = train_ranking(planted(), replace(rows, **earlier), CONFIG, 0, silent)
    assert wide_of(whole.model).weight[1, 1] > wide_of(half.model).weight[1, 1] > 1


def wide_of(model: Dlrm | Wide) -> Wide:
    return model if isinstance(model, Wide) else model.wide


def test_training_says_how_far_it_is():
    heard: list[tuple[str, int, int]] = []
    few = replace(CONFIG, epochs=2, batch_size=500)
    ranker = train_ranking(planted(), clicked_by_style_and_device(), few, 0, lambda *step: heard.append(step))
    told = "Training the ranker"
    assert heard[:8] == [(told, step, 8) for step in range(1, 9)], "the trial, on half of the requests, twice as often"
    assert heard[8:] == ([(told, step, 8) for step in range(1, 9)] if ranker.metrics["ranker_deep"] else [])
    assert not ranker.model.training


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_clicks_are_refused(count: int):
    rows = drawn_rows()
    arrays = {name: getattr(rows, name)[:count] for name in BY_REQUEST}
    few = RankingRows(**arrays, tower=rows.tower, retrieved=count / 40)
    with pytest.raises(DataError, match=f"there are {count}, which is {count / 40:.1%} of those replayed"):
        train_ranking(planted(), few, CONFIG, seed=0, progress=silent)


def test_two_clicks_are_enough_to_train_and_to_measure():
    rows = clicked_by_match()
    pair = {name: getattr(rows, name)[:2] for name in BY_REQUEST}
    ranker = train_ranking(planted(), replace(rows, **pair), CONFIG, seed=0, progress=silent)
    assert all(torch.isfinite(weights).all() for weights in ranker.model.parameters())
    assert np.isfinite(list(ranker.metrics.values())).all()


def test_the_stated_figures_are_those_of_later_requests_by_what_the_earlier_taught():
    """Scored by hand with the ranker that knows the earlier requests alone, no feature masked away."""
    rows, data, held = clicked_by_match(), planted(), held_aside()
    ranker = train_ranking(data, rows, CONFIG, seed=0, progress=silent)
    earlier = {name: np.delete(getattr(rows, name), held, axis=0) for name in BY_REQUEST}
    model = train_ranking(data, replace(rows, **earlier), CONFIG, seed=0, progress=silent).model
    users, examples = data.user_rows[rows.examples[held]], rows.examples[held]
    arrays = {
        "user_codes": data.users.codes[users],
        "user_values": data.users.values[users],
        "context_codes": data.contexts.codes[examples],
        "context_values": data.contexts.values[examples],
        **data.item_arrays(rows.items[held]),
        "item_tower": tower()[rows.items[held]],
        **{name: getattr(rows, name)[held] for name in (*QUERY_OUTPUTS, "match", "source_features")},
    }
    with torch.inference_mode():
        scores = model({name: torch.from_numpy(array) for name, array in arrays.items()}).numpy()
    clicked, others = scores[rows.labels[held] > 0], scores[rows.labels[held] == 0].reshape(len(held), -1)
    above = (clicked[:, None] > others).mean()
    surprise = np.mean(np.log(np.exp(scores).sum(axis=1)) - clicked)
    assert ranker.metrics["ranker_auc"] == pytest.approx(above, abs=1e-6)
    assert ranker.metrics["ranker_choice"] == pytest.approx(surprise, rel=1e-4)


def test_what_crosses_both_sides_is_left_to_the_deep_part():
    rows = without_query(clicked_by_style_and_device())
    metrics = train_ranking(planted(), rows, CONFIG, seed=0, progress=silent).metrics
    assert (metrics["ranker_wide"], metrics["ranker_deep"]) == (0, 1)


def test_where_nothing_decides_the_order_of_retrieval_stays():
    trained = train_ranking(planted(), without_query(drawn_rows()), CONFIG, seed=0, progress=silent)
    assert {trained.metrics[name] for name in ("ranker_wide", "ranker_wide_newcomers", "ranker_deep")} == {0}
    assert isinstance(trained.model, Wide)
    assert torch.equal(trained.model.weight, Wide(3 + 4 + 3).weight)


def test_newcomers_are_weighed_apart_from_those_with_a_history():
    """Whoever has a history clicks what it meets, newcomers what it meets least."""
    rows = drawn_rows()
    history = rows.history_vector.copy()
    history[::2] = 0
    meets = rows.match[:, :, 1]
    clicked = np.where(history.any(axis=1), meets.argmax(axis=1), meets.argmin(axis=1))
    rows = replace(rows, history_vector=history, labels=clicks_on(clicked))
    trained = train_ranking(planted(), rows, CONFIG, seed=0, progress=silent)
    had, new, newcomers = trained.model.weight[:, 1].tolist()
    assert min(had, new) > 3
    assert newcomers < -3
    assert trained.metrics["ranker_auc"] > 0.95


def test_what_makes_clicks_likelier_and_moves_them_down_is_not_better():
    before = np.array([[2.0, 2.1, 1.9], [0.5, 0.6, 0.5]], np.float32)
    likelier, higher = np.array([[-0.5], [0.0]], np.float32), np.array([[0.0], [0.1]], np.float32)
    assert is_better(before, before + likelier)
    assert is_better(before, before + likelier + higher)
    assert not is_better(before, before + higher)
    assert not is_better(before, before + likelier - higher)
    assert not is_better(before, before)


def test_weights_decay_but_not_those_of_the_wide_part():
    rows = clicked_by_style_and_device()
    none, heavy = (
        train_ranking(planted(), rows, replace(CONFIG, weight_decay=decay), 0, silent).model for decay in (0.0, 3.0)
    )
    assert (
        heavy.interaction.top.candidate.weight.square().mean()
        < none.interaction.top.candidate.weight.square().mean() / 2
    )
    torch.testing.assert_close(heavy.wide.weight, none.wide.weight)


def test_which_item_it_is_is_not_read():
    model = train_ranking(planted(), clicked_by_style_and_device(), replace(CONFIG, epochs=1), 0, silent).model
    assert isinstance(model, Dlrm)
    codes, (column,) = planted().items.codes, planted().id_columns(Entity.ITEM)
    assert model.interaction.item_told == [each for each in range(codes.shape[1]) if each != column]
    draw, arrays = np.random.default_rng(0), planted().item_arrays(np.arange(6)[None])
    other = {**arrays, "item_codes": arrays["item_codes"].copy()}
    other["item_codes"][..., column] = draw.integers(0, 5, (1, 6))
    of_items = [
        model.interaction._candidate_vectors({name: torch.from_numpy(each) for name, each in told.items()})
        for told in (arrays, other)
    ]
    assert all(torch.equal(one, two) for one, two in zip(*of_items, strict=True))


def test_where_a_click_model_knows_what_was_shown_it_is_the_deep_part():
    rows = without_query(clicked_by_style_and_device())
    told = np.random.default_rng(0).normal(size=(REQUESTS, CANDIDATES, 2)).astype(np.float32)
    heard: list[str] = []
    ranker = train_ranking(
        planted(), replace(rows, clicks=told), CONFIG, seed=0, progress=lambda name, *_: heard.append(name)
    )
    assert isinstance(ranker.model, Wide)
    assert (ranker.metrics["ranker_deep"], ranker.metrics["ranker_deep_newcomers"]) == (0, 0)
    assert not heard

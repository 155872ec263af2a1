"""Retrieval training: a planted taste that must be found, and what is told of it."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from tests.unit.training.planted import ITEMS, LENGTH, NEW_ITEMS, planted_dataset
from tests.unit.training.stepping import CUT, planted
from winnow.features.columns import columns_of
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.schema.schema import EventType
from winnow.training.interactions import interactions_of
from winnow.training.progress import silent
from winnow.training.retrieval import (
    WARM_UP,
    Towers,
    decayed,
    example_weights,
    item_vectors,
    query_vectors,
    rate_at,
    train_retrieval,
)
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.training_set import TrainingSet

CONFIG = RetrievalConfig(dim=8, epochs=8, batch_size=128, learning_rate=5e-3)


@cache
def learned() -> Towers:
    return train_retrieval(planted(), CONFIG, seed=0, progress=silent)


def held_out() -> tuple[TrainingSet, Array]:
    """The trained features over all clicks, and which of these nobody trained on."""
    dataset, data = planted_dataset(), planted()
    clicks = interactions_of(dataset.events, dataset.items, dataset.schema)
    table = dataset.events.take(clicks.event_rows)
    row_of = {user: row for row, user in enumerate(data.user_ids)}
    whole = replace(
        data,
        interactions=clicks,
        contexts=data.fitted[Entity.CONTEXT].packed(columns_of(table, ("device", "at")), len(clicks)),
        user_rows=np.array([row_of.get(clicks.user_ids[user], len(row_of)) for user in clicks.users]),
    )
    return whole, np.flatnonzero(clicks.at >= CUT)


def held_out_queries(towers: Towers) -> tuple[Array, Array, Array]:
    """Queries [N, D] as they are served, the clicks [N] that followed, and whether the user is a guest [N]."""
    data, held = held_out()
    queries = query_vectors(data, towers, item_vectors(data, towers.item), held)
    return queries, data.interactions.items[held], data.user_rows[held] == len(data.user_ids)


def test_the_planted_taste_is_found_for_known_users_and_for_guests():
    data, k = planted(), ITEMS // 2
    queries, clicks, guest = held_out_queries(learned())
    best = np.argsort(-queries @ item_vectors(data, learned().item).T, axis=1)[:, :k]
    found = (best == clicks[:, None]).any(axis=1)
    popular = np.argsort(-np.bincount(data.interactions.items, minlength=ITEMS))[:k]
    assert np.isin(clicks, popular).mean() < 0.6
    assert found[guest].mean() > 0.85
    assert found[~guest].mean() > 0.85


def test_an_item_that_nobody_clicked_is_near_those_who_like_its_style():
    queries, clicks, _ = held_out_queries(learned())
    new = item_vectors(planted(), learned().item)[-NEW_ITEMS:]
    affinity = queries @ new.T
    even, odd = affinity[:, 0::2].mean(axis=1), affinity[:, 1::2].mean(axis=1)
    assert ((even > odd) == (clicks % 2 == 0)).mean() > 0.85


def test_training_says_how_far_it_is_and_what_the_loss_was():
    heard: list[tuple[str, int, int]] = []
    towers = train_retrieval(planted(), replace(CONFIG, epochs=2, batch_size=1000), 0, lambda *step: heard.append(step))
    assert len(heard) == 8
    assert {(what, total) for what, _, total in heard} == {("Training retrieval", 7600)}
    done = [done for _, done, _ in heard]
    assert done == sorted(set(done))
    assert (done[3], done[7]) == (3800, 7600)
    assert towers.metrics["retrieval_loss"] > learned().metrics["retrieval_loss"] > 0
    assert not towers.query.training
    assert not towers.item.training


def test_equal_seeds_give_equal_weights_and_others_do_not():
    short = replace(CONFIG, epochs=1)
    first, again, other = (train_retrieval(planted(), short, seed, silent) for seed in (5, 5, 6))
    for one, two in ((first.query, again.query), (first.item, again.item)):
        theirs = two.state_dict()
        assert all(torch.equal(weights, theirs[name]) for name, weights in one.state_dict().items())
    assert not torch.equal(first.query.head.out.weight, other.query.head.out.weight)


def test_item_vectors_are_the_same_in_any_chunks():
    whole = item_vectors(planted(), learned().item)
    np.testing.assert_allclose(item_vectors(planted(), learned().item, chunk=7), whole, atol=1e-6)


def test_training_requests_are_asked_as_the_service_would_alone_and_together():
    """One at a time, with the events before each from the table, and nothing to pad."""
    data, towers = planted(), learned()
    vectors, clicks = item_vectors(data, towers.item), data.interactions
    examples = np.array([0, 3, 18, 19, 40, 41])
    together = query_vectors(data, towers, vectors, examples)
    for row, example in enumerate(examples):
        mine = np.flatnonzero((clicks.users == clicks.users[example]) & (clicks.at < clicks.at[example]))[-LENGTH:]
        width = max(1, len(mine))
        arrays = {
            **data.request_arrays(examples[row : row + 1]),
            "history_vectors": vectors[clicks.items[mine]][None] if len(mine) else np.zeros((1, 1, 8), np.float32),
            "history_types": np.full((1, width), tuple(EventType).index(EventType.CLICK)),
            "history_ages": (clicks.at[example] - clicks.at[mine] if len(mine) else np.zeros(1))[None],
            "history_present": np.full((1, width), len(mine) > 0, np.float32),
        }
        with torch.inference_mode():
            alone, *_ = towers.query({name: torch.from_numpy(array) for name, array in arrays.items()})
        np.testing.assert_allclose(together[row], alone[0], atol=1e-5)


def test_requests_of_a_shop_without_any_history_have_queries():
    data = planted()
    nothing = replace(
        data.interactions,
        history_items=np.empty(0, np.int64),
        history_types=np.empty(0, np.int8),
        history_at=np.empty(0),
        history_start=np.zeros(len(data.interactions), np.int64),
        history_end=np.zeros(len(data.interactions), np.int64),
    )
    queries = query_vectors(replace(data, interactions=nothing), learned(), np.eye(8, dtype=np.float32), np.arange(3))
    assert np.isfinite(queries).all()
    assert (np.linalg.norm(queries, axis=1) > 0).all()


def test_matrices_decay_and_single_numbers_and_rows_do_not():
    weights = {name: torch.nn.Parameter(torch.zeros(shape)) for name, shape in {"m": (2, 3), "b": 3, "s": ()}.items()}
    matrices, others = decayed(weights.values(), 0.1)
    assert (matrices["weight_decay"], others["weight_decay"]) == (0.1, 0.0)
    assert [id(each) for each in matrices["params"]] == [id(weights["m"])]
    assert [id(each) for each in others["params"]] == [id(weights["b"]), id(weights["s"])]


def test_the_rate_rises_to_one_and_falls_to_nothing_along_a_cosine():
    rates = [rate_at(step, 1000) for step in range(1001)]
    peak = int(np.argmax(rates))
    assert peak == pytest.approx(WARM_UP * 1000, abs=1)
    assert rates[0] == pytest.approx(1 / (WARM_UP * 1000))
    assert rates[peak] == pytest.approx(1, abs=0.01)
    assert (np.diff(rates[: peak + 1]) > 0).all()
    assert (np.diff(rates[peak:]) < 0).all()
    assert rates[500] == pytest.approx(0.5)
    assert rates[250] == pytest.approx((1 + math.sqrt(0.5)) / 2)
    assert rates[1000] == 0
    assert rate_at(0, 1) == 1


@pytest.mark.parametrize(("first", "others"), [(1, 9), (3, 5), (5, 3), (8, 0), (0, 8)])
def test_first_clicks_weigh_at_least_half_of_all(first: int, others: int):
    is_first = np.random.default_rng(0).permutation(np.repeat([True, False], [first, others]))
    weights = example_weights(is_first)
    assert weights.mean() == pytest.approx(1)
    share = weights[is_first].sum() / weights.sum()
    assert share == pytest.approx(max(0.5, first / (first + others)) if first else 0)
    assert all(len(set(weights[each].tolist())) <= 1 for each in (is_first, ~is_first))


def test_no_examples_have_no_weights():
    assert example_weights(np.empty(0, bool)).tolist() == []

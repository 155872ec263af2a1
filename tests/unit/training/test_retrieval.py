"""Retrieval training: one step against loops, and a planted taste that must be found."""

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
import torch
from torch import nn

from tests.unit.training.planted import CLICKS, HOUR_S, ITEMS, LENGTH, NEW_ITEMS, planted_dataset
from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT
from winnow.features.columns import columns_of
from winnow.models.towers import ItemTower, QueryTower
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.training import training_set as masking
from winnow.training.interactions import interactions_of
from winnow.training.item_dropout import ItemDropout
from winnow.training.progress import silent
from winnow.training.retrieval import (
    RetrievalConfig,
    Towers,
    _Step,
    distinct,
    item_vectors,
    train_retrieval,
)
from winnow.training.training_set import TrainingSet, training_set

CONFIG = RetrievalConfig(dim=8, epochs=8, batch_size=128, uniform_negatives=32, learning_rate=5e-3, temperature=0.1)
KNOWN = ITEMS - NEW_ITEMS
CUT = (CLICKS - 1) * HOUR_S
"""The last click of every user is not trained on."""


def training_events() -> pa.Table:
    events = planted_dataset().events
    return events.filter(pc.less(events[AT], CUT))


@cache
def planted() -> TrainingSet:
    return training_set(planted_dataset(), training_events())


@cache
def learned() -> Towers:
    return train_retrieval(planted(), CONFIG, seed=0, progress=silent)


def held_out_queries(data: TrainingSet, towers: Towers) -> tuple[Array, Array, Array]:
    """Queries [N, D] as they are served, the clicks [N] that followed, and whether the user is a guest [N]."""
    dataset = planted_dataset()
    all_clicks = interactions_of(dataset.events, dataset.items, dataset.schema)
    held = np.flatnonzero(all_clicks.at >= CUT)
    names = all_clicks.user_ids[all_clicks.users[held]].tolist()
    row_of = {user: row for row, user in enumerate(data.user_ids)}
    users = np.array([row_of.get(user, len(row_of)) for user in names])
    table = dataset.events.take(all_clicks.event_rows[held])
    context = data.fitted[Entity.CONTEXT].packed(columns_of(table, ("device", "at")), len(held))
    rows, present = all_clicks.past(held, LENGTH).padded(LENGTH)
    arrays = {
        "user_codes": data.users.codes[users],
        "user_values": data.users.values[users],
        "context_codes": context.codes,
        "context_values": context.values,
        "history_vectors": item_vectors(data, towers.item)[rows],
        "history_present": present.astype(np.float32),
    }
    with torch.inference_mode():
        queries, _ = towers.query({name: torch.from_numpy(array) for name, array in arrays.items()})
    return queries.numpy(), all_clicks.items[held], users == len(row_of)


def test_the_planted_taste_is_found_for_known_users_and_for_guests():
    data, k = planted(), ITEMS // 2
    queries, clicks, guest = held_out_queries(data, learned())
    best = np.argsort(-queries @ item_vectors(data, learned().item).T, axis=1)[:, :k]
    found = (best == clicks[:, None]).any(axis=1)
    popular = np.argsort(-np.bincount(data.interactions.items, minlength=ITEMS))[:k]
    assert np.isin(clicks, popular).mean() < 0.6
    assert found[guest].mean() > 0.85
    assert found[~guest].mean() > 0.85


def test_an_item_that_nobody_clicked_is_near_those_who_like_its_style():
    queries, clicks, _ = held_out_queries(planted(), learned())
    new = item_vectors(planted(), learned().item)[-NEW_ITEMS:]
    affinity = queries @ new.T
    even, odd = affinity[:, 0::2].mean(axis=1), affinity[:, 1::2].mean(axis=1)
    assert ((even > odd) == (clicks % 2 == 0)).mean() > 0.85


def test_training_says_how_far_it_is_and_what_the_loss_was():
    heard: list[tuple[str, int, int]] = []
    towers = train_retrieval(planted(), replace(CONFIG, epochs=2, batch_size=1000), 0, lambda *step: heard.append(step))
    assert heard == [("Training retrieval", step, 6) for step in range(1, 7)]
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


def slow_loss(data: TrainingSet, query: QueryTower, item: ItemTower, examples: Array, uniform: Array) -> float:
    """One row and one negative at a time, with the history gathered as in serving."""
    vectors = torch.from_numpy(item_vectors(data, item))
    share = np.bincount(data.interactions.items, minlength=ITEMS) / len(data.interactions)
    positives = data.interactions.items[examples]
    arrays = data.request_arrays(examples, np.random.default_rng(0))
    losses: list[float] = []
    for row, example in enumerate(examples):
        past = data.interactions.past(np.array([example]), LENGTH).values
        history = torch.zeros(1, LENGTH, CONFIG.dim)
        history[0, : len(past)] = vectors[past]
        present = (torch.arange(LENGTH) < len(past)).float()[None]
        request = {name: torch.from_numpy(array[row : row + 1]) for name, array in arrays.items()}
        towards, _ = query({**request, "history_vectors": history, "history_present": present})
        logits = (vectors @ towards[0] / CONFIG.temperature).double().detach().numpy()
        total = np.exp(logits[positives[row]])
        for other in [*positives, *uniform]:
            if other != positives[row]:
                total += np.exp(logits[other]) / (share[other] * len(examples) + len(uniform) / KNOWN)
        losses.append(float(np.log(total) - logits[positives[row]]))
    return float(np.mean(losses))


@pytest.mark.parametrize("examples", [np.arange(0, 3000, 97), np.array([0]), np.array([8, 8, 3])])
def test_one_step_is_the_loss_that_loops_give(monkeypatch: pytest.MonkeyPatch, examples: Array):
    monkeypatch.setattr(masking, "MASKED_SHARE", 0.0)
    torch.manual_seed(0)
    data, config = planted(), replace(CONFIG, dropout=ItemDropout(ids=0, content=0))
    query = QueryTower(data.inputs(Entity.USER), data.inputs(Entity.CONTEXT), config.dim)
    item = ItemTower(data.inputs(Entity.ITEM), config.dim)
    share = np.bincount(data.interactions.items, minlength=ITEMS) / len(data.interactions)
    log_scale = nn.Parameter(torch.tensor(1 / config.temperature).log())
    step = _Step(data, config, query, item, log_scale, torch.from_numpy(share.astype(np.float32)))
    loss = step(examples, np.random.default_rng(9))
    uniform = np.random.default_rng(9).integers(KNOWN, size=config.uniform_negatives)
    assert loss.item() == pytest.approx(slow_loss(data, query, item, examples, uniform), rel=1e-5)
    loss.backward()
    weights = [*query.parameters(), *item.parameters(), log_scale]
    assert all(each.grad is not None and torch.isfinite(each.grad).all() for each in weights)


def test_items_without_a_training_event_are_no_negatives():
    data, drawn = planted(), list[Array]()
    generator = np.random.default_rng(0)
    item = ItemTower(data.inputs(Entity.ITEM), CONFIG.dim)
    query = QueryTower(data.inputs(Entity.USER), data.inputs(Entity.CONTEXT), CONFIG.dim)
    item.register_forward_pre_hook(lambda _, inputs: drawn.append(inputs[0]["item_values"].numpy()))
    step = _Step(data, CONFIG, query, item, torch.tensor(0.0), torch.ones(ITEMS) / ITEMS)
    for _ in range(20):
        step(np.arange(64), generator)
    shown = {tuple(row) for row in np.concatenate(drawn).tolist()}
    assert shown == {tuple(row) for row in data.items.values[:KNOWN].tolist()}


def test_distinct_items_rise_and_know_their_places():
    rows = np.array([7, 2, 2]), np.array([[9, 2], [0, 7]]), np.empty(0, np.int64)
    shown, place = distinct(10, *rows)
    assert shown.tolist() == [0, 2, 7, 9]
    assert shown[place[rows[1]]].tolist() == rows[1].tolist()


def test_item_vectors_are_the_same_in_any_chunks():
    whole = item_vectors(planted(), learned().item)
    np.testing.assert_allclose(item_vectors(planted(), learned().item, chunk=7), whole, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-6)

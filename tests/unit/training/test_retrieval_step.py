"""One step of retrieval training against loops over examples, each asked as the service would."""

import math
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.training.planted import ITEMS, LENGTH, NEW_ITEMS, planted_dataset
from tests.unit.training.stepping import CERTAIN, nothing_masked, planted, step_of, training_events
from winnow.schema.column import Array
from winnow.schema.schema import EventType
from winnow.training.item_dropout import ItemDropout
from winnow.training.retrieval import item_vectors
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.retrieval_step import RetrievalStep, distinct, running_mean
from winnow.training.training_set import training_set

KNOWN = ITEMS - NEW_ITEMS
CLICK = tuple(EventType).index(EventType.CLICK)


def read_of_past(past: int) -> int:
    """How many of `past` events an example is asked behind: windows begin every half length."""
    start = 0
    while past - start > LENGTH:
        start += LENGTH // 2
    return past - start


@torch.inference_mode()
def served_query(step: RetrievalStep, example: int) -> Array:
    """[D], as the service asks: the user's events before the example from the event table, ages by its instant."""
    clicks, data = training_events(), step.data
    user, at = data.interactions.user_ids[data.interactions.users[example]], data.interactions.at[example]
    names, times, items = (clicks[name].to_pylist() for name in ("user_id", "at", "item_id"))
    past = [row for row, name in enumerate(names) if name == user and times[row] < at]
    past = past[len(past) - read_of_past(len(past)) :]
    vectors = item_vectors(data, step.item)
    history = np.zeros((1, LENGTH, step.config.dim), np.float32)
    ages, present = np.zeros((1, LENGTH)), np.zeros((1, LENGTH), np.float32)
    for place, row in enumerate(past):
        history[0, place] = vectors[data.item_ids.index(items[row])]
        ages[0, place], present[0, place] = at - times[row], 1
    arrays = {
        **data.request_arrays(np.array([example])),
        "history_vectors": history,
        "history_types": np.full((1, LENGTH), CLICK),
        "history_ages": ages,
        "history_present": present,
    }
    query, *_ = step.query({name: torch.from_numpy(array) for name, array in arrays.items()})
    return query[0].numpy()


def slow_sample(step: RetrievalStep, positives: list[int], seed: int) -> dict[int, float]:
    """The chance of every sampled item, by item."""
    config = step.config
    if config.loss == "softmax" and config.full_softmax_up_to >= KNOWN:
        return dict.fromkeys(range(KNOWN), 1.0)
    uniform = np.random.default_rng(seed).integers(KNOWN, size=config.uniform_negatives).tolist()
    in_batch = positives if config.loss == "softmax" else []
    clicks = step.data.interactions.items.tolist()
    chances: dict[int, float] = {}
    for item in {*in_batch, *uniform}:
        missed = (1 - clicks.count(item) / len(clicks)) ** len(in_batch) * (1 - 1 / KNOWN) ** len(uniform)
        chances[item] = 1 - missed if config.logq else 1.0
    return chances


def slow_loss(step: RetrievalStep, batch: Array, seed: int) -> float:
    """One example and one negative at a time."""
    data, vectors = step.data.interactions, item_vectors(step.data, step.item).astype(np.float64)
    examples = [example for window in batch for example in step.windows.examples.row(window).tolist()]
    chances = slow_sample(step, [int(data.items[example]) for example in examples], seed)
    losses = list[float]()
    for example in examples:
        users = data.users == data.users[example] if step.config.mask_own else [example]
        own = set(data.items[users].tolist())
        logits = vectors @ served_query(step, example)
        positive = logits[data.items[example]]
        others = {item: chance for item, chance in chances.items() if item not in own}
        if step.config.loss == "softmax":
            total = math.exp(positive) + sum(math.exp(logits[item]) / chance for item, chance in others.items())
            losses.append(math.log(total) - positive)
        else:
            alpha = len(chances) / (KNOWN - 1)
            beta = alpha * (0.75 * (1 - 1 / alpha) + 1 / alpha)
            against = sum(math.log(1 + math.exp(logits[item])) for item in others)
            losses.append(beta * math.log(1 + math.exp(-positive)) + against)
    return float(np.average(losses, weights=step.weights[examples]))


@pytest.mark.parametrize(
    "config",
    [
        CERTAIN,
        replace(CERTAIN, full_softmax_up_to=0),
        replace(CERTAIN, full_softmax_up_to=0, uniform_negatives=0),
        replace(CERTAIN, full_softmax_up_to=0, logq=False),
        replace(CERTAIN, loss="gbce"),
        replace(CERTAIN, mask_own=False),
        replace(CERTAIN, full_softmax_up_to=0, mask_own=False),
    ],
    ids=["whole catalogue", "sample", "in batch", "uncorrected", "gbce", "own items too", "own items too, sample"],
)
@pytest.mark.parametrize("batch", [[0], [7, 300, 8, 9], [599]])
def test_one_step_is_the_loss_that_loops_give(config: RetrievalConfig, batch: list[int]):
    step = step_of(config)
    weights = np.random.default_rng(3).uniform(0.5, 2, len(step.weights)).astype(np.float32)
    step = replace(step, weights=weights)
    with nothing_masked():
        loss = step(np.array(batch), np.random.default_rng(9))
    assert loss.item() == pytest.approx(slow_loss(step, np.array(batch), seed=9), rel=1e-5)


def test_every_weight_learns_from_a_step():
    step = step_of(replace(CERTAIN, dropout=ItemDropout(content=0.5)))
    step(np.arange(20), np.random.default_rng(0)).backward()
    named = [*step.query.named_parameters(), *step.item.named_parameters()]
    for name, weight in named:
        assert weight.grad is not None, name
        assert torch.isfinite(weight.grad).all(), name
        assert weight.grad.abs().sum() > 0, name


def test_a_later_click_has_no_influence_on_an_earlier_example():
    """The last click of a window is replaced in all that is read of histories: only what comes behind it may change."""
    step = step_of(replace(CERTAIN, loss="gbce"))
    data, window = step.data.interactions, np.array([0])
    last = step.windows.starts[0] + step.windows.lengths[0] - 1
    other = data.history_items.copy()
    other[last] = (other[last] + 1) % KNOWN
    changed = replace(step, data=replace(step.data, interactions=replace(data, history_items=other)))
    examples = step.windows.examples.row(0)
    behind = examples[data.history_end[examples] > last]
    assert 0 < len(behind) < len(examples)
    with nothing_masked():
        for keep, differs in ((np.setdiff1d(examples, behind), False), (behind, True)):
            weights = np.zeros(len(step.weights), np.float32)
            weights[keep] = 1
            one, two = (
                replace(each, weights=weights)(window, np.random.default_rng(1)).item() for each in (step, changed)
            )
            assert (abs(one - two) > 1e-4) == differs


def test_forgotten_histories_are_asked_as_newcomers_and_about_as_often_as_wanted():
    step = step_of(replace(CERTAIN, history_dropout=0.5))
    examples = step.windows.examples.take(np.arange(40)).values
    late = step.data.interactions.history_end[examples] > step.data.interactions.history_start[examples]
    asked = step.query.of_state
    with nothing_masked(), patch.object(step.query, "of_state", wraps=asked) as told:
        step(np.arange(40), np.random.default_rng(0))
    _, state, mean, age = told.call_args.args
    nobody = step.query.encoder(torch.zeros(1, 0, step.config.dim))[0, 0]
    newcomers = ((state - nobody).abs().amax(dim=1) < 1e-5).numpy()
    assert (mean[newcomers] == 0).all()
    assert (age[newcomers] == 0).all()
    assert newcomers[~late].all()
    assert 0.4 < newcomers[late].mean() < 0.6


def test_a_batch_without_any_history_is_a_step_like_others():
    """Everybody's first click, and a shop that keeps no history at all."""
    dataset = planted_dataset()
    no_types = replace(
        dataset,
        schema=replace(
            dataset.schema,
            features=tuple(
                replace(each, transform=replace(each.transform, types=("purchase",)))
                if each.name == "history"
                else each
                for each in dataset.schema.features
            ),
        ),
    )
    data = training_set(no_types, training_events())
    assert len(data.interactions.history_items) == 0
    step = step_of(data=data)
    assert torch.isfinite(step(np.arange(len(step.windows)), np.random.default_rng(0)))


def test_items_without_a_training_event_are_no_negatives():
    drawn, generator = list[Array](), np.random.default_rng(0)
    step = step_of(replace(CERTAIN, full_softmax_up_to=0))
    step.item.register_forward_pre_hook(lambda _, inputs: drawn.append(inputs[0]["item_values"].numpy()))
    for _ in range(20):
        step(np.arange(10), generator)
    shown = {tuple(row) for row in np.concatenate(drawn).tolist()}
    assert shown == {tuple(row) for row in planted().items.values[:KNOWN].tolist()}


def test_ids_and_content_are_hidden_by_the_stated_shares():
    shown: list[dict[str, Array]] = []
    step = step_of(replace(CERTAIN, dropout=ItemDropout(ids=0.5, content=0)))
    step.item.register_forward_pre_hook(lambda _, inputs: shown.append({k: v.numpy() for k, v in inputs[0].items()}))
    for seed in range(30):
        step(np.arange(3), np.random.default_rng(seed))
    hidden = np.concatenate([each["item_codes"] == 1 for each in shown]).mean(axis=0)
    assert sorted(hidden.tolist()) == pytest.approx([0, 0.5], abs=0.05)


@given(st.integers(1, 4), st.integers(0, 5))
def test_running_means_are_the_means_of_what_came_before(windows: int, length: int):
    history = torch.randn(windows, length, 3, generator=torch.Generator().manual_seed(0))
    means = running_mean(history)
    assert means.shape == (windows, length + 1, 3)
    assert (means[:, 0] == 0).all()
    for place in range(1, length + 1):
        torch.testing.assert_close(means[:, place], history[:, :place].mean(dim=1))


def test_distinct_items_rise_and_know_their_places():
    rows = np.array([7, 2, 2]), np.array([[9, 2], [0, 7]]), np.empty(0, np.int64)
    shown, place = distinct(10, *rows)
    assert shown.tolist() == [0, 2, 7, 9]
    assert shown[place[rows[1]]].tolist() == rows[1].tolist()

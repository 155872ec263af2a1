"""Impressions that were unlikely to be shown weigh more, within limits, where the recipe says so."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.unit.training.planted_impressions import CONFIG, Drawn, drawn, planted_impressions
from tests.unit.training.shown_rows import shown_rows
from winnow.models.looks import click_loss
from winnow.schema.errors import DataError, RecipeError
from winnow.training.clicks import train_click_model, train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.progress import silent
from winnow.training.propensity_weights import capped_weights, impression_weights

SHOWN, OFTEN = 12_000, 0.9
SUITS, ELSE, OTHERS = 0.6, 0.1, 0.2
"""Chances of a click: on even items by even users, by others; on odd items by everybody."""
CAPPED = ClicksConfig(propensity_cap=10.0)


def rows_with(propensities):
    number = len(propensities)
    rows = shown_rows(np.zeros(number), np.arange(number), np.ones(number), np.zeros(number))
    return replace(rows, propensities=np.asarray(propensities, np.float64))


def slow_weights(propensities, cap):
    inverse = [1 / each for each in propensities if not np.isnan(each)]
    mean = sum(inverse) / len(inverse)
    truncated = [min(each, cap * mean) for each in inverse]
    after = sum(truncated) / len(truncated)
    return [1.0 if np.isnan(each) else min(1 / each, cap * mean) / after for each in propensities]


@pytest.mark.parametrize("cap", [1, 1.5, 4.0, 1e6])
@pytest.mark.parametrize("seed", range(3))
def test_weights_are_what_a_slow_loop_finds(cap, seed):
    draw = np.random.default_rng(seed)
    propensities = np.where(draw.random(50) < 0.2, np.nan, 10 ** draw.uniform(-4, 0, 50))
    found = capped_weights(propensities, cap)
    np.testing.assert_allclose(found, slow_weights(propensities, cap), rtol=1e-12)
    assert found.mean() == pytest.approx(1)


def test_without_truncation_weights_are_to_each_other_as_inverse_propensities():
    first, second, third = capped_weights(np.array([0.5, 0.25, 0.01]), 100.0)
    assert second / first == pytest.approx(2)
    assert third / first == pytest.approx(50)


def test_only_the_rows_that_are_used_have_a_say_in_the_mean():
    rows = rows_with([0.5, np.nan, 0.1, 0.001, 0.001])
    weights = impression_weights(rows, np.array([2, 0, 1]), CAPPED).numpy()
    np.testing.assert_allclose(weights, [2 / 6, 1, 10 / 6, 1, 1], rtol=1e-6)


def test_without_a_cap_everything_weighs_the_same():
    weights = impression_weights(rows_with([0.5, 0.1, np.nan]), np.arange(3), ClicksConfig())
    assert weights.tolist() == [1.0, 1.0, 1.0]


def test_a_weight_counts_what_came_of_an_impression_as_often():
    logits, looked, clicked = torch.tensor([0.5, -1.0]), torch.tensor([0.0, -0.3]), torch.tensor([True, False])
    often = torch.tensor([0, 0, 0, 1])
    weighed = click_loss(logits, looked, clicked, torch.tensor([1.5, 0.5]))
    torch.testing.assert_close(weighed, click_loss(logits[often], looked[often], clicked[often]))


def test_weights_without_any_propensity_are_refused_with_the_remedy():
    rows = rows_with([np.nan, np.nan, 0.5])
    said = r"propensity_cap 10, and of 2 impressions none has a known propensity; name its column .*impressions\.prop"
    with pytest.raises(DataError, match=said):
        impression_weights(rows, np.arange(2), CAPPED)


def test_a_training_that_wants_propensities_of_a_shop_that_logs_none_is_refused():
    batches, _ = planted_impressions(drawn(1_000), lambda made: np.full(len(made.items), 0.3))
    with pytest.raises(DataError, match="of 900 impressions none has a known propensity"):
        train_clicks(batches, np.arange(1_000), replace(CONFIG, propensity_cap=10.0), 0, silent)


@pytest.mark.parametrize("wrong", [0, 0.99, -1.0, float("nan"), float("inf"), "5"])
def test_caps_that_cannot_be_are_refused(wrong):
    with pytest.raises(RecipeError, match=r"propensity_cap .*; a finite number from 1 is wanted, or None"):
        ClicksConfig(propensity_cap=wrong)


def flattering() -> Drawn:
    """Even items are mostly shown to even users, odd items to odd ones."""
    made, draw = drawn(SHOWN), np.random.default_rng(1)
    likely = draw.random(SHOWN) < OFTEN
    items = made.items - made.items % 2 + np.where(likely, made.users, made.users + 1) % 2
    return replace(made, items=items, propensities=np.where(likely, OFTEN, 1 - OFTEN) / 30)


def chances(made):
    """People are alike in everything that the model is told."""
    return np.where(made.items % 2, OTHERS, np.where(made.users % 2, ELSE, SUITS))


def told_of_even_items(cap, made=None):
    """What a model says of even items, once looked at, on average."""
    batches, _ = planted_impressions(made or flattering(), chances)
    config = replace(CONFIG, epochs=3, propensity_cap=cap)
    model, _ = train_click_model(batches, np.arange(SHOWN), config, 0, silent)
    even = np.flatnonzero(batches.rows.items % 2 == 0)
    with torch.inference_mode():
        return float(torch.sigmoid(model(batches(even))).mean())


def test_weighed_the_model_is_nearer_to_what_would_be_clicked_if_everything_were_shown_to_everybody():
    """The likings that are learned beside would tell users apart; the model by itself is told nothing of them."""
    truth = (SUITS + ELSE) / 2
    off, some, whole = (abs(told_of_even_items(cap) - truth) for cap in (None, 2.0, 10.0))
    assert off > 0.15
    assert whole < 0.05
    assert whole < some < off


def trained(made, cap):
    batches, _ = planted_impressions(made, chances)
    config = replace(CONFIG, epochs=1, propensity_cap=cap)
    model, looks = train_click_model(batches, np.arange(2_000), config, 0, silent)
    return [*model.state_dict().values(), *looks.state_dict().values()]


def test_off_or_all_alike_the_very_same_is_learned():
    made = drawn(2_000)
    alike = replace(made, propensities=np.full(2_000, 0.25))
    plain = trained(made, None)
    for other in (trained(alike, None), trained(alike, 10.0)):
        assert all(map(torch.equal, plain, other))
    unlike = replace(made, propensities=np.random.default_rng(0).uniform(0.1, 1, 2_000))
    assert all(map(torch.equal, plain, trained(unlike, None)))
    assert not all(map(torch.equal, plain, trained(unlike, 10.0)))

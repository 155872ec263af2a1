"""The click model finds what is planted in impressions."""

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
import torch

from tests.unit.training.planted import DEVICES, HOUR_S, ITEMS, SCHEMA, USERS, planted_dataset, user_name
from winnow.metrics.binary import auc
from winnow.models.click_sizes import ClickSizes
from winnow.schema.errors import DataError, RecipeError
from winnow.schema.schema import Impressions
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.impression_rows import impression_rows
from winnow.training.progress import silent
from winnow.training.training_set import training_set

SIZES = ClickSizes(dim=8, bottom=(16,), top=(16, 8))
CONFIG = ClicksConfig(sizes=SIZES, epochs=8, batch_size=256, learning_rate=1e-2)
SHOWN, PLACES = 24_000, 4
LENGTH = 10
LOOKED = np.array([1.0, 0.8, 0.6, 0.4])


def chances(items, devices):
    """On a phone people click even styles, on a desktop odd ones."""
    return np.where(items % 2 == (devices == "desktop"), 0.6, 0.1)


KINDS = ("dlrm", "dcn", "deep_fm")


@cache
def planted_impressions(seed: int = 0, history: int = 0, *, by_taste: bool = False):
    """The batches, and the chance of each impression once it is looked at.

    Args:
        seed: of what is drawn.
        history: events that go with each impression.
        by_taste: people click what is like what they clicked before, instead of what fits their device.
    """
    draw = np.random.default_rng(seed)
    users, items, devices = draw.integers(0, USERS, SHOWN), draw.integers(0, ITEMS, SHOWN), draw.choice(DEVICES, SHOWN)
    positions = draw.integers(1, PLACES + 1, SHOWN)
    chance = np.where(items % 2 == users % 2, 0.6, 0.1) if by_taste else chances(items, devices)
    clicked = draw.random(SHOWN) < chance * LOOKED[positions - 1]
    table = pa.table(
        {
            "user_id": [user_name(row) for row in users],
            "item_id": [f"item-{row}" for row in items],
            "outcome": pa.array(np.where(clicked, "click", "none")).dictionary_encode().cast(pa.string()),
            "at": 30 * HOUR_S + np.arange(SHOWN),
            "position": positions.astype(np.float64),
            "device": devices,
        }
    )
    dataset = replace(planted_dataset(), schema=replace(SCHEMA, impressions=Impressions(position="position")))
    data = training_set(dataset, dataset.events)
    config = replace(CONFIG, sizes=replace(SIZES, history=history))
    return ClickBatches.of(data, impression_rows(dataset, table, data), config, 30 * HOUR_S + SHOWN), chance


@cache
def learned(seed: int = 0, config: ClicksConfig = CONFIG):
    batches, _ = planted_impressions()
    return train_clicks(batches, np.arange(SHOWN), config, seed, silent)


@pytest.mark.parametrize("kind", KINDS)
def test_it_finds_what_is_planted_whatever_the_place(kind):
    """Neither item nor device tells anything alone."""
    batches, chance = planted_impressions()
    logits = learned(config=replace(CONFIG, sizes=replace(SIZES, kind=kind))).logits(batches, np.arange(SHOWN))
    assert auc(chance > 0.3, logits) > 0.999
    assert 1 / (1 + np.exp(-np.median(logits[chance > 0.3]))) == pytest.approx(0.6, abs=0.06)


def test_it_learns_how_often_a_place_is_looked_at():
    looks = learned().looks
    with torch.inference_mode():
        looked = looks(torch.arange(1, PLACES + 1)).exp().numpy()
    np.testing.assert_allclose(looked, LOOKED, atol=0.08)


def test_what_it_says_of_impressions_at_their_places_comes_true():
    batches, chance = planted_impressions()
    model, positions = learned(), batches.rows.positions
    told = model.calibrator(model.at_places(model.logits(batches, np.arange(SHOWN)), positions))
    for place in range(1, PLACES + 1):
        for good in (True, False):
            rows = (positions == place) & ((chance > 0.3) == good)
            assert told[rows].mean() == pytest.approx((chance * LOOKED[positions - 1])[rows].mean(), abs=0.04)


@pytest.mark.parametrize("kind", KINDS)
def test_attention_finds_that_people_like_what_resembles_what_they_clicked_before(kind):
    """Without the likings that are learned beside, which say the same of known users."""
    found = {}
    for history in (0, LENGTH):
        batches, chance = planted_impressions(history=history, by_taste=True)
        config = replace(CONFIG, sizes=replace(SIZES, kind=kind, history=history), epochs=4)
        model = train_clicks(batches, np.arange(SHOWN // 2), config, 0, silent)
        later = np.arange(SHOWN // 2, SHOWN)
        tastes = model.tastes(batches.rows.user_rows[later], batches.rows.items[later])
        found[history] = auc(chance[later] > 0.3, model.logits(batches, later) - tastes)
    assert found[LENGTH] > 0.99
    assert found[0] < 0.9


def test_batches_of_another_history_are_refused():
    batches, _ = planted_impressions()
    with pytest.raises(ValueError, match="batches have the history 0, and the model 5"):
        train_clicks(batches, np.arange(SHOWN), replace(CONFIG, sizes=replace(SIZES, history=5)), 0, silent)


def test_who_the_user_is_is_not_read_and_what_the_user_is_like_is():
    batches, _ = planted_impressions()
    inputs = batches(np.arange(4))
    assert inputs["user_codes"].shape == (4, 1)
    assert inputs["item_codes"].shape == (4, 1, 2)
    assert inputs["likeness"].shape == (4, 1, 4)


def test_equal_seeds_give_equal_models_and_others_do_not():
    short = replace(CONFIG, epochs=1)
    batches, _ = planted_impressions()
    first, again, other = (
        train_clicks(batches, np.arange(4_000), short, seed, silent).logits(batches, np.arange(9)) for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_no_impressions_have_no_logits():
    batches, _ = planted_impressions()
    assert learned().logits(batches, np.empty(0, np.int64)).shape == (0,)


@pytest.mark.parametrize("clicked", [True, False])
def test_impressions_of_one_kind_are_refused_with_numbers(clicked):
    batches, _ = planted_impressions()
    only = np.flatnonzero(batches.rows.clicked == clicked)[:1_000]
    with pytest.raises(DataError, match=f"Of the 900 earlier impressions {900 if clicked else 0} were clicked"):
        train_clicks(batches, only, CONFIG, 0, silent)


@pytest.mark.parametrize("name", ["epochs", "batch_size", "learning_rate", "weight_decay"])
def test_numbers_that_cannot_be_are_refused(name):
    with pytest.raises(RecipeError, match=name):
        ClicksConfig(**{name: 0})

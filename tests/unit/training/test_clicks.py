"""The click model finds what is planted in impressions."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.unit.training.planted_impressions import CONFIG, LOOKED, PLACES, drawn, planted_impressions
from winnow.metrics.binary import auc
from winnow.schema.errors import DataError, RecipeError
from winnow.training.clicks import train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.progress import silent

SHOWN = 24_000
LENGTH = 10
KINDS = ("dlrm", "dcn", "deep_fm")


def chances(made):
    """On a phone people click even styles, on a desktop odd ones."""
    return np.where(made.items % 2 == (made.devices == "desktop"), 0.6, 0.1)


@cache
def planted():
    """The batches, and the chance of each impression once it is looked at."""
    return planted_impressions(drawn(SHOWN), chances)


@cache
def learned(kind):
    batches, _ = planted()
    return train_clicks(batches, np.arange(SHOWN), with_sizes(kind=kind), 0, silent)


def with_sizes(**changed):
    return replace(CONFIG, sizes=replace(CONFIG.sizes, **changed))


def by_taste(made):
    """People click what is like what they clicked before."""
    return np.where(made.items % 2 == made.users % 2, 0.6, 0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_it_finds_what_is_planted_whatever_the_place(kind):
    """Neither item nor device tells anything alone."""
    batches, chance = planted()
    logits = learned(kind).logits(batches, np.arange(SHOWN))
    assert auc(chance > 0.3, logits) > 0.999
    assert 1 / (1 + np.exp(-np.median(logits[chance > 0.3]))) == pytest.approx(0.6, abs=0.06)


def test_it_learns_how_often_a_place_is_looked_at():
    looked = learned("dlrm").looked(np.arange(1, PLACES + 1))
    np.testing.assert_allclose(looked, LOOKED, atol=0.08)


def test_what_it_says_of_impressions_at_their_places_comes_true():
    batches, chance = planted()
    model, positions = learned("dlrm"), batches.rows.positions
    told = model.calibrator(model.at_places(model.logits(batches, np.arange(SHOWN)), positions))
    for place in range(1, PLACES + 1):
        for good in (True, False):
            rows = (positions == place) & ((chance > 0.3) == good)
            assert told[rows].mean() == pytest.approx((chance * LOOKED[positions - 1])[rows].mean(), abs=0.04)


def found_by_taste(kind, history):
    """AUC on later impressions, without the likings that are learned beside, which say the same of known users."""
    config = replace(with_sizes(kind=kind, history=history), epochs=4)
    batches, chance = planted_impressions(drawn(SHOWN), by_taste, config=config)
    model = train_clicks(batches, np.arange(SHOWN // 2), config, 0, silent)
    later = np.arange(SHOWN // 2, SHOWN)
    tastes = model.tastes(batches.rows.user_rows[later], batches.rows.items[later])
    return auc(chance[later] > 0.3, model.logits(batches, later) - tastes)


@pytest.mark.parametrize("kind", KINDS)
def test_attention_finds_that_people_like_what_resembles_what_they_clicked_before(kind):
    assert found_by_taste(kind, LENGTH) > 0.99


def test_without_attention_that_is_not_found():
    assert found_by_taste("dlrm", 0) < 0.9


def test_batches_of_another_history_are_refused():
    batches, _ = planted()
    with pytest.raises(ValueError, match="batches have the history 0, and the model 5"):
        train_clicks(batches, np.arange(SHOWN), with_sizes(history=5), 0, silent)


def test_where_users_are_alike_tastes_say_little():
    tastes = learned("dlrm").tastes
    assert np.abs(tastes.users @ tastes.items.T).mean() < 0.15


def test_equal_seeds_give_equal_models_and_others_do_not():
    short = replace(CONFIG, epochs=1)
    batches, _ = planted()
    first, again, other = (
        train_clicks(batches, np.arange(4_000), short, seed, silent).logits(batches, np.arange(9)) for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_no_impressions_have_no_logits():
    batches, _ = planted()
    assert learned("dlrm").logits(batches, np.empty(0, np.int64)).shape == (0,)


@pytest.mark.parametrize("clicked", [True, False])
def test_impressions_of_one_kind_are_refused_with_numbers(clicked):
    batches, _ = planted()
    only = np.flatnonzero(batches.rows.clicked == clicked)[:1_000]
    with pytest.raises(DataError, match=f"Of the 900 earlier impressions {900 if clicked else 0} were clicked"):
        train_clicks(batches, only, CONFIG, 0, silent)


def test_a_shop_without_clicks_is_refused_with_numbers():
    batches, _ = planted_impressions(drawn(1_000), lambda made: np.zeros(len(made.items)))
    with pytest.raises(DataError, match="Of the 900 earlier impressions 0 were clicked"):
        train_clicks(batches, np.arange(1_000), CONFIG, 0, silent)


@pytest.mark.parametrize("name", ["epochs", "batch_size", "learning_rate", "weight_decay"])
def test_numbers_that_cannot_be_are_refused(name):
    with pytest.raises(RecipeError, match=name):
        ClicksConfig(**{name: 0})


@pytest.mark.parametrize("wrong", [(), (0.0,), (4.0, -1.0), (float("nan"),), (float("inf"),), ("1",), (1.0, None)])
def test_half_lives_that_cannot_be_are_refused(wrong):
    with pytest.raises(RecipeError, match=r"half-lives .*; finite numbers of days above 0 are wanted, at least one"):
        ClicksConfig(half_lives_days=wrong)

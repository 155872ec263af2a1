"""In a shop where clicks on even items lead to a purchase more often, and phones dismiss, the heads find it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from tests.unit.training.planted_impressions import CONFIG, drawn, planted_impressions
from tests.unit.training.shown_rows import shown_rows
from winnow.metrics.binary import auc
from winnow.schema.schema import Events
from winnow.training import fit_outcome_heads as fitting
from winnow.training.clicks import train_clicks
from winnow.training.fit_outcome_heads import fit_outcome_heads
from winnow.training.progress import silent

SHOWN = 24_000
CART, PURCHASE, DISMISS = range(3)
SHORT = replace(CONFIG, epochs=1)
WIDE = replace(CONFIG, learning_rate=3e-3, sizes=replace(CONFIG.sizes, bottom=(32,), top=(64, 32)))
"""Clicks are on even items on phones and odd ones on desktops, which a narrow network may miss."""


def chances(made):
    return np.where(made.items % 2 == (made.devices == "desktop"), 0.6, 0.2)


def buying(made):
    return np.where(made.items % 2 == 0, 0.5, 0.1)


def dismissing(made):
    return np.where(made.devices == "phone", 0.3, 0.05)


def outcomes(made, clicked):
    bought, dismissed = np.random.default_rng(5).random((2, len(clicked)))
    after = np.where(bought < buying(made), "purchase", np.where(bought > 0.9, "cart", "click"))
    return np.where(clicked, after, np.where(dismissed < dismissing(made), "dismiss", "none"))


@cache
def planted(shown=SHOWN):
    return planted_impressions(drawn(shown), chances, outcomes=outcomes)[0]


def told(model, batches):
    """Chances of further outcomes, float32 [N, H]."""
    with torch.inference_mode():
        return model.answers(batches(np.arange(len(batches.rows))))["after"].squeeze(1).numpy()


@cache
def learned():
    batches = planted()
    return told(train_clicks(batches, np.arange(SHOWN), WIDE, 0, silent).model, batches)


def test_what_is_bought_after_a_click_is_found_whoever_clicks():
    made, found = drawn(SHOWN), learned()
    assert auc(made.items % 2 == 0, found[:, PURCHASE]) > 0.99
    for even, chance in ((True, 0.5), (False, 0.1)):
        rows = (made.items % 2 == 0) == even
        assert np.median(found[rows, PURCHASE]) == pytest.approx(chance, abs=0.06)
        assert np.median(found[rows, CART]) == pytest.approx(chance + 0.1, abs=0.07)


def test_a_dismissal_is_told_as_it_is_shown():
    batches, made = planted(), drawn(SHOWN)
    came, found = batches.rows.came[:, DISMISS], learned()[:, DISMISS]
    assert auc(made.devices == "phone", found) > 0.9
    assert found.mean() == pytest.approx(came.mean(), abs=0.01)


def without_heads(batches):
    """The same impressions in a shop where nothing is told apart besides clicks."""
    schema = replace(batches.data.schema, events=Events(positives=("purchase", "dismiss")))
    rows = replace(batches.rows, came=batches.rows.came[:, :0])
    return replace(batches, data=replace(batches.data, schema=schema), rows=rows)


@pytest.mark.parametrize("kind", ["dlrm", "dcn", "deep_fm"])
def test_clicks_are_to_the_bit_what_they_are_without_heads(kind):
    config = replace(SHORT, sizes=replace(SHORT.sizes, kind=kind))
    headed = planted(2_000)
    plain, other = (train_clicks(each, np.arange(2_000), config, 0, silent) for each in (without_heads(headed), headed))
    assert plain.model.scorer.heads is None
    assert other.model.scorer.heads.weight.any()
    assert np.array_equal(plain.logits(headed, np.arange(2_000)), other.logits(headed, np.arange(2_000)))
    assert plain.metrics == other.metrics


HIDDEN = np.random.default_rng(0).random((600, 5)).astype(np.float32)
"""As after a rectifier, with one number that is dead and two that are the same."""
HIDDEN[:, 3], HIDDEN[:, 4] = 0, HIDDEN[:, 0]
CLICKED = np.arange(600) % 3 == 0


def fitted(came, names, clicked=CLICKED, first=0):
    places = np.arange(600)
    rows = replace(shown_rows(places, places, places, clicked), came=came)
    return fit_outcome_heads(HIDDEN.__getitem__, rows, places[first:], names)


def heads_of(came, names, clicked=CLICKED):
    with torch.inference_mode():
        return fitted(came, names, clicked)(torch.from_numpy(HIDDEN)[:, None]).squeeze(1).numpy()


@pytest.mark.parametrize("comes", [False, True])
def test_what_never_or_always_comes_is_told_as_a_constant_close_to_it(comes):
    asked = {"purchase": 200, "dismiss": 600}
    came = np.full((600, 2), comes) & np.stack([CLICKED, np.full(600, fill_value=True)], axis=1)
    expected = [(comes * number + 0.5) / (number + 1) for number in asked.values()]
    np.testing.assert_allclose(heads_of(came, tuple(asked)), np.tile(expected, (600, 1)), rtol=1e-5)


def test_where_nothing_was_clicked_what_follows_is_as_likely_as_not():
    came = np.zeros((600, 1), np.bool_)
    assert np.allclose(heads_of(came, ("purchase",), clicked=np.zeros(600, np.bool_)), 0.5)


def test_what_follows_on_a_click_is_learned_from_clicks_alone_and_comes_as_often_as_there():
    came = (np.random.default_rng(1).random((600, 2)) < HIDDEN[:, [1]]) & CLICKED[:, None]
    found = heads_of(came, ("purchase", "dismiss"))
    assert found[CLICKED, 0].mean() == pytest.approx(came[CLICKED, 0].mean(), abs=1e-4)
    assert found[:, 1].mean() == pytest.approx(came[:, 1].mean(), abs=1e-4)
    assert np.corrcoef(found[:, 0], HIDDEN[:, 1])[0, 1] > 0.9


def test_one_purchase_does_not_make_a_head_certain():
    came = np.arange(600)[:, None] == 300
    found = heads_of(came, ("purchase",))
    assert found.mean() == pytest.approx(1 / 200, abs=5e-3)
    assert found.max() < 0.2


def test_the_latest_impressions_are_enough(monkeypatch):
    monkeypatch.setattr(fitting, "ENOUGH", 100)
    came = np.random.default_rng(2).random((600, 1)) < 0.5
    assert torch.equal(fitted(came, ("dismiss",)).weight, fitted(came, ("dismiss",), first=500).weight)


def test_no_further_outcomes_need_no_heads():
    assert fitted(np.zeros((600, 0), np.bool_), ()) is None

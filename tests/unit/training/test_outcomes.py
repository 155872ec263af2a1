"""In a shop where clicks on even items lead to a purchase more often, and phones dismiss, the heads find it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from tests.unit.training.planted_impressions import CONFIG, drawn, planted_impressions
from winnow.metrics.binary import auc
from winnow.schema.schema import Events
from winnow.training.clicks import train_click_model
from winnow.training.outcomes import Outcomes
from winnow.training.progress import silent

SHOWN = 24_000
CART, PURCHASE, DISMISS = range(3)
SHORT = replace(CONFIG, epochs=1)


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
def planted(shown=SHOWN, what=outcomes):
    return planted_impressions(drawn(shown), chances, outcomes=what)[0]


def told(model, batches, chosen):
    """Chances of further outcomes, float32 [n, H]."""
    with torch.inference_mode():
        return model.answers(batches(chosen))[1].sigmoid().squeeze(1).numpy()


@cache
def learned():
    batches = planted()
    model, _ = train_click_model(batches, np.arange(SHOWN), CONFIG, 0, silent)
    return told(model, batches, np.arange(SHOWN))


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
    for device in ("phone", "desktop"):
        rows = made.devices == device
        assert found[rows].mean() == pytest.approx(came[rows].mean(), abs=0.02)
    assert found.mean() == pytest.approx(came.mean(), abs=0.01)


def without_heads(batches):
    """The same impressions in a shop where nothing is told apart besides clicks."""
    schema = replace(batches.data.schema, events=Events(positives=("purchase", "dismiss")))
    rows = replace(batches.rows, came=batches.rows.came[:, :0])
    return replace(batches, data=replace(batches.data, schema=schema), rows=rows)


@pytest.mark.parametrize("kind", ["dlrm", "dcn", "deep_fm"])
def test_the_click_model_is_to_the_bit_what_it_is_without_heads(kind):
    config = replace(SHORT, sizes=replace(SHORT.sizes, kind=kind))
    with_heads = planted(2_000)
    models = [
        train_click_model(each, np.arange(2_000), config, 0, silent) for each in (without_heads(with_heads), with_heads)
    ]
    (plain, looks), (headed, other_looks) = models
    assert plain.scorer.heads is None
    assert headed.scorer.heads.weight.any()
    weights = headed.state_dict()
    assert all(torch.equal(weights[name], each) for name, each in plain.state_dict().items())
    assert torch.equal(looks.odds, other_looks.odds)


@pytest.mark.parametrize(("word", "rates"), [("click", (0, 0)), ("cart", (1, 0)), ("purchase", (1, 1))])
def test_what_never_or_always_comes_is_told_as_a_constant_close_to_it(word, rates):
    batches = planted(1_000, lambda _, clicked: np.where(clicked, word, "none"))
    clicks = int(batches.rows.clicked.sum())
    model, _ = train_click_model(batches, np.arange(1_000), SHORT, 0, silent)
    expected = [(rate * clicks + 0.5) / (clicks + 1) for rate in rates] + [0.5 / 1_001]
    np.testing.assert_allclose(told(model, batches, np.arange(9)), np.tile(expected, (9, 1)), rtol=1e-5)


def test_a_head_is_asked_of_what_could_come_to_its_outcome_and_of_nothing_where_all_is_alike():
    batches = planted(1_000)
    clicked = torch.from_numpy(batches.rows.clicked)
    used = np.arange(800)
    found = Outcomes.of(batches, used)
    assert torch.equal(found.asked, torch.stack([clicked, clicked, torch.ones(1_000, dtype=torch.bool)], dim=1))
    bought = batches.rows.came[:800, PURCHASE].sum()
    assert found.rates[PURCHASE] == pytest.approx((bought + 0.5) / (batches.rows.clicked[:800].sum() + 1))
    never = Outcomes.of(batches, np.flatnonzero(~batches.rows.came[:, PURCHASE]))
    assert not never.asked[:, PURCHASE].any()
    assert never.asked[:, CART].any()

"""Impressions as what the click model reads."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from tests.unit.training.planted import SCHEMA
from tests.unit.training.planted_impressions import CONFIG, drawn, planted_impressions
from winnow.schema.feature import Entity
from winnow.schema.transform import MISSING_CODE
from winnow.training.clicks import train_clicks
from winnow.training.progress import silent

SHOWN, UNTIL = 12_000, 10_000
HALVES = len(CONFIG.half_lives_days)


def chances(made):
    return np.where(made.items < 30, 0.5, 0.1)


@cache
def batches():
    return planted_impressions(drawn(SHOWN), chances, UNTIL)[0]


def test_the_widths_are_those_of_the_arrays():
    inputs = batches()(np.arange(4))
    assert batches().numbers == inputs["likeness"].shape[2] + inputs["shown"].shape[2]
    for entity, name in ((Entity.USER, "user"), (Entity.ITEM, "item"), (Entity.CONTEXT, "context")):
        widths = batches().data.inputs(entity)
        assert len(widths.codes) == inputs[f"{name}_codes"].shape[-1]
        assert all((inputs[f"{name}_codes"].flatten(0, -2) < torch.tensor(widths.codes)).flatten())


def test_what_came_of_showing_an_item_and_its_style_is_read():
    chosen = np.array([SHOWN - 1, 0, UNTIL - 1])
    shown = batches()(chosen)["shown"]
    assert shown.shape == (3, 1, 2 * HALVES * 2 + 1)  # item and style, and whether the item was ever shown
    np.testing.assert_array_equal(shown[:, 0], batches().shown(chosen))
    assert not shown[1].any()
    good = shown[:, 0, 0].numpy()[[0, 2]]
    assert ((good > 0) == (batches().rows.items[chosen[[0, 2]]] < 30)).all()


def test_later_impressions_see_what_was_known_by_then():
    known = batches().shown.last
    assert known.until == batches().rows.at[UNTIL]
    later = np.arange(UNTIL, SHOWN)
    np.testing.assert_array_equal(
        batches().shown(later), known.figures(batches().data.items.codes, batches().rows.items[later])
    )


def test_masking_hides_some_of_what_is_read_and_nothing_of_what_came_of_it():
    chosen = np.arange(2_000)
    plain, masked = batches()(chosen), batches()(chosen, np.random.default_rng(0))
    for name in ("user_codes", "context_codes"):
        hidden = (masked[name] != plain[name]).numpy()
        assert 0.02 < hidden.mean() < 0.08
        assert (masked[name].numpy()[hidden] == MISSING_CODE).all()
    without = (masked["item_vector_picture"] == 0).all(dim=-1).float().mean()
    assert without == pytest.approx(CONFIG.dropout.content, abs=0.03)
    own = len(batches().unshown)
    shown = masked["shown"][:, 0, :own].numpy()
    hidden = (shown == batches().unshown).all(axis=1)
    assert hidden.mean() == pytest.approx(CONFIG.dropout.ids, abs=0.03)
    np.testing.assert_array_equal(shown[~hidden], plain["shown"][:, 0, :own].numpy()[~hidden])
    assert torch.equal(masked["shown"][..., own:], plain["shown"][..., own:])
    for name in ("item_values", "likeness"):
        assert torch.equal(masked[name], plain[name])
    assert all(torch.equal(each, plain[name]) for name, each in batches()(chosen).items())


def test_what_is_hidden_is_what_is_known_of_an_item_that_nobody_was_shown():
    codes = batches().data.items.codes
    later = batches().shown.last.figured()(np.array([len(codes)]), codes[:1])
    np.testing.assert_array_equal(later[0, : len(batches().unshown)], batches().unshown)


def test_items_with_no_other_code_than_their_id_are_learned_by_what_else_they_are():
    features = tuple(each for each in SCHEMA.features if each.name != "style")
    bare, _ = planted_impressions(drawn(1_000), chances, schema=replace(SCHEMA, features=features))
    learned = train_clicks(bare, np.arange(1_000), replace(CONFIG, epochs=1), 0, silent)
    assert learned.model.unread == {"item_codes", "history_codes"}
    assert np.isfinite(learned.logits(bare, np.arange(1_000))).all()

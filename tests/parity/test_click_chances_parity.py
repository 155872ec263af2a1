"""Chances at a place are in service what training calibrates."""

from typing import Any, cast

import numpy as np
import torch

from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.engine.click_chances import CERTAIN, chances_at, log_odds_at
from winnow.models import looks as in_torch
from winnow.models.looks import PLACES, Looks
from winnow.training.clicks import Clicks

TOLERANCE = 1e-5


def learned() -> Clicks:
    """Some looks and a calibrator; nothing else is asked of it."""
    rates = torch.linspace(0.4, 0.01, PLACES + 1)
    nothing = cast("Any", None)
    calibrator = PlattCalibrator(slope=0.9, shift=-0.1)
    return Clicks(model=nothing, looks=Looks(rates), tastes=nothing, calibrator=calibrator, metrics={})


def test_log_odds_and_chances_at_every_place_are_those_of_training():
    clicks, draw = learned(), np.random.default_rng(0)
    logits = draw.uniform(-12, 4, 5_000).astype(np.float32)
    positions = draw.integers(0, PLACES + 20, 5_000)
    looks = clicks.looked(np.arange(PLACES + 1))
    trained = clicks.at_places(logits, positions)
    np.testing.assert_allclose(log_odds_at(logits, positions, looks), trained, rtol=0, atol=TOLERANCE)
    chances = chances_at(logits, positions, looks, clicks.calibrator)
    np.testing.assert_allclose(chances, clicks.calibrator(trained), rtol=0, atol=TOLERANCE)


def test_a_certain_click_at_a_place_that_is_always_looked_at_stays_finite():
    assert in_torch.CERTAIN == CERTAIN
    odds = log_odds_at(np.array([60.0, 60.0]), np.array([0, 1]), np.ones(3, np.float32))
    np.testing.assert_allclose(odds, -np.log(1e-6), rtol=1e-6)


def test_at_the_first_place_and_where_none_is_known_a_click_needs_no_look():
    logits = np.array([-3.0, 0.5])
    looks = learned().looked(np.arange(3))
    np.testing.assert_allclose(log_odds_at(logits, np.array([0, 1]), looks), logits, rtol=1e-6)

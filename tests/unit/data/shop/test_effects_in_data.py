from dataclasses import replace

import numpy as np
import pytest

from tests.unit.data.shop.simulated import Simulated
from winnow.data.shop import calibration
from winnow.data.shop.effects import SHARES, Effects
from winnow.data.shop.exposure import examination
from winnow.data.shop.shop_spec import SIZES

NOISE = 0.06


def likeliest_factor(rows, rest, part):
    """The factor of a part under which the clicks are the likeliest, everything else known, and its standard error.

    Newton's method with the expected curvature: a click has probability examination x sigmoid(rest + factor x part).
    """
    looked, factor, error = examination()[rows["position"].astype(int) - 1].astype(np.float64), 0.5, 1.0
    for _ in range(12):
        p = 1 / (1 + np.exp(-(rest + factor * part)))
        click = looked * p
        slope = part * np.where(rows["clicked"], 1 - p, -click * (1 - p) / (1 - click))
        error = (part**2 * click * (1 - p) ** 2 / (1 - click)).sum() ** -0.5
        factor += slope.sum() * error**2
    return factor, error


@pytest.mark.parametrize("name", SHARES)
def test_simulated_clicks_show_each_effect_as_strong_as_it_was_planted(demo, name):
    part = demo.part(name, demo.strength.scale[name])
    factor, error = likeliest_factor(demo.impressions, demo.logit() - part, part)
    assert error < NOISE / 3
    assert factor == pytest.approx(1, abs=NOISE)


@pytest.mark.parametrize("name", SHARES)
def test_an_effect_that_is_taken_away_from_the_generator_is_gone_from_the_clicks(demo, name, monkeypatch):
    monkeypatch.setattr(calibration, "PILOT_VISITS", 1_200)
    without = Simulated.of(replace(SIZES["demo"], effects=Effects().without(name)))
    part = without.part(name, demo.strength.scale[name])
    factor, error = likeliest_factor(without.impressions, without.logit(), part)
    assert error < NOISE / 3
    assert factor == pytest.approx(0, abs=NOISE)
    assert part.std() > 0.2

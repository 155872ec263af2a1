"""When and on what: how device, hour and weekday lead to some categories, and how styles come in and out of fashion."""

from dataclasses import dataclass

import numpy as np

from winnow.data.shop.lexicon import CATEGORIES, CATEGORY_OF_STYLE, DEVICES, STYLE_NAMES
from winnow.data.shop.seeds import stream
from winnow.data.shop.shop_spec import ShopSpec
from winnow.schema.column import Array

HOURS, WEEKDAYS = 24, 7
FIRST_WEEKDAY = 0
"""The shop opens on a Monday."""
WAVE_SD = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Effects that belong to the moment, before they are scaled.

    Attributes:
        occasion: float32 [devices, hours, weekdays, categories]; hours in UTC, Monday is 0.
        fashion: float32 [days, styles], around 0.
        rise: float32 [days, styles], logits that drift adds; not scaled.
    """

    occasion: Array
    fashion: Array
    rise: Array


def make_moments(spec: ShopSpec) -> Moments:
    """Draw the effects of the moment."""
    draw = stream(spec.seed, "moments")
    devices, categories, styles = len(DEVICES), len(CATEGORIES), len(STYLE_NAMES)
    hour = np.arange(HOURS)[:, None] + 0.5
    always = draw.normal(0, 0.7, (devices, 1, 1, categories))
    phase = draw.uniform(0, HOURS, (devices, 1, categories))
    height = np.abs(draw.normal(0, 0.9, (devices, 1, categories)))
    daily = height * np.cos(2 * np.pi * (hour - phase) / HOURS)
    weekend = draw.normal(0, 0.5, (devices, 1, 1, categories)) * np.isin(np.arange(WEEKDAYS), (5, 6))[:, None]
    period, start = draw.uniform(10, 30, styles), draw.uniform(0, 1, styles)
    fashion = WAVE_SD * np.sqrt(2) * np.sin(2 * np.pi * (np.arange(spec.days)[:, None] / period + start))
    rise = np.zeros((spec.days, styles))
    if spec.drift is not None:
        risen = np.array(CATEGORY_OF_STYLE) == draw.integers(categories)
        rise[spec.drift.day :, risen] = spec.drift.category_rise
    return Moments(
        occasion=(always + daily[:, :, None, :] + weekend).astype(np.float32),
        fashion=fashion.astype(np.float32),
        rise=rise.astype(np.float32),
    )

"""What new items of a simulated shop are worth to those who are asked, by its truth rather than by what was clicked."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.cold_items import ColdAnswers
from winnow.data.shop.expected_clicks import expected_clicks
from winnow.data.shop.truth import Truth, device_codes
from winnow.features.texts import texts_of
from winnow.schema.column import Array


def expected_of_new(shop: Path, answers: ColdAnswers) -> Array:
    """float32 [U, I], expected clicks of each user on each item; 0 where it is not new or the user had it.

    Args:
        shop: folder of the simulated shop, with its truth.
        answers: give the users, when each asks, and the items.
    """
    truth, held = Truth.open(shop), answers.held
    likings = truth.world.people(truth.world.spec.days - 1).likings[truth.user_rows(pa.array(held.user_ids))]
    devices = device_codes(pa.array(texts_of(held.context["device_type"]), pa.string()))
    clicks = expected_clicks(truth, likings, held.at, devices)[:, truth.item_rows(pa.array(list(answers.item_ids)))]
    clicks[:, answers.known] = 0
    clicks[held.history.row_of_value(), held.history.values] = 0
    return clicks


def expected_share(expected: Array, recommended: Array) -> Array:
    """float64 [U], what part of all that is expected of each user the recommended items hold.

    Args:
        expected: float32 [U, I], of `expected_of_new`.
        recommended: int64 [U, K], item rows; -1 is none.
    """
    held = np.take_along_axis(expected, np.maximum(recommended, 0), axis=1) * (recommended >= 0)
    return held.sum(axis=1, dtype=np.float64) / expected.sum(axis=1, dtype=np.float64)

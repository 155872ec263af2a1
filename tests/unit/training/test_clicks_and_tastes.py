"""In a shop where half of the users like even items and half odd ones, and nothing else tells, tastes do."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.unit.training.planted import ITEMS, USERS
from tests.unit.training.planted_impressions import CONFIG, drawn, planted_impressions
from winnow.metrics.binary import auc
from winnow.training import clicks
from winnow.training.clicks import Clicks, train_clicks
from winnow.training.progress import silent

SHOWN, TRAINED = 16_000, 14_000
EARLIER = 12_600
LATE, NEVER = 30, 31
"""Users below one were shown nothing before the latest tenth, and the other nothing before the end of training."""
LIKES = np.random.default_rng(3).integers(0, 2, USERS)
SHORT = replace(CONFIG, epochs=2)


def chances(made):
    return np.where(made.items % 2 == LIKES[made.users], 0.5, 0.1)


@cache
def planted():
    made = drawn(SHOWN)
    users, place = made.users.copy(), np.arange(SHOWN)
    users[(users < LATE) & (place < EARLIER)] += 99
    users[(users == NEVER) & (place < TRAINED)] += 99
    batches, _ = planted_impressions(replace(made, users=users), chances, TRAINED)
    return batches, users


@cache
def learned() -> tuple[Clicks, np.ndarray]:
    """What was learned, and the log-odds that the calibrator was fitted on."""
    observed, fit = [], clicks.fit_calibrator

    def keep(logits, clicked):
        observed.append(logits)
        return fit(logits, clicked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clicks, "fit_calibrator", keep)
        found = train_clicks(planted()[0], np.arange(TRAINED), SHORT, 0, silent)
    return found, observed[0]


def row_of(user: int) -> int:
    """Of the users table."""
    batches, users = planted()
    return int(batches.rows.user_rows[users == user][0])


def without_tastes(found: Clicks) -> Clicks:
    return replace(found, tastes=replace(found.tastes, users=np.zeros_like(found.tastes.users)))


def test_tastes_tell_what_nothing_else_does():
    (batches, users), (found, _) = planted(), learned()
    later = np.arange(TRAINED, SHOWN)
    later = later[(users[later] % 3 > 0) & (users[later] != NEVER)]
    clicked = batches.rows.clicked[later]
    assert auc(clicked, without_tastes(found).logits(batches, later)) < 0.56
    assert auc(clicked, found.logits(batches, later)) > 0.7


def test_of_guests_and_of_who_was_shown_nothing_nothing_is_known():
    found, _ = learned()
    assert not found.tastes.users[-1].any()
    assert not found.tastes.users[row_of(NEVER)].any()
    known = np.unique(planted()[0].rows.user_rows[:TRAINED])[:-1]
    assert found.tastes.users[known].any(axis=1).all()


def test_what_is_served_is_learned_of_all_impressions_and_the_calibrator_of_the_earlier_ones():
    batches, users = planted()
    found, observed = learned()
    held = np.arange(EARLIER, TRAINED)
    late = users[held] < LATE
    alike = found.at_places(without_tastes(found).logits(batches, held), batches.rows.positions[held])
    served = found.at_places(found.logits(batches, held), batches.rows.positions[held])
    np.testing.assert_allclose(observed[late], alike[late], rtol=1e-5)
    known = (users[held] % 3 > 0) & ~late
    assert np.abs(observed - alike)[known].mean() > 0.3
    assert 0.01 < np.abs(observed - served)[known].mean() < 0.3


def test_who_came_late_has_a_taste_in_the_end():
    tastes, items = learned()[0].tastes, np.arange(ITEMS)
    late = [user for user in range(LATE) if user % 3]
    likings = [tastes(np.full(ITEMS, row_of(user)), items) @ np.where(items % 2 == LIKES[user], 1, -1) for user in late]
    assert all(likings)
    assert np.mean(np.array(likings) > 0) > 0.7


def test_the_metrics_are_of_impressions_whose_clicks_tastes_did_not_know():
    batches, _ = planted()
    found, observed = learned()
    held = np.arange(EARLIER, TRAINED)
    clicked = batches.rows.clicked[held]
    assert found.metrics["click_auc"] == pytest.approx(auc(clicked, found.calibrator(observed)), abs=1e-6)
    served = found.at_places(found.logits(batches, held), batches.rows.positions[held])
    assert auc(clicked, served) > found.metrics["click_auc"] + 0.005

"""AUCs over resampled visitors."""

import numpy as np
import pytest

from benchmarks.visitor_auc import auc_draws, interval_of
from winnow.metrics.binary import auc


def drawn(rows=600, visitors=60):
    draw = np.random.default_rng(0)
    clicked = draw.random(rows) < 0.3
    return clicked, draw.integers(0, visitors, rows) * 5, np.round(clicked + draw.normal(size=(2, rows)), 1)


def test_the_first_is_that_of_the_impressions_as_they_are_ties_and_all():
    clicked, visitors, scores = drawn()
    draws = auc_draws(clicked, visitors, {"both": scores}, seed=0, resamples=3)
    assert draws["both"].shape == (4,)
    assert draws["both"][0] == pytest.approx(np.mean([auc(clicked, each) for each in scores]))


def test_a_draw_takes_visitors_whole():
    """What each draw finds is the AUC of a table in which the drawn visitors' rows are repeated."""
    clicked, visitors, scores = drawn()
    draws = auc_draws(clicked, visitors, {"one": scores[:1]}, seed=3, resamples=1)
    names = np.unique(visitors)
    taken = np.random.default_rng(3).integers(len(names), size=len(names))
    rows = np.concatenate([np.flatnonzero(visitors == names[each]) for each in taken])
    assert draws["one"][1] == pytest.approx(auc(clicked[rows], scores[0][rows]))


def test_models_are_read_for_the_same_visitors():
    clicked, visitors, scores = drawn()
    draws = auc_draws(clicked, visitors, {"one": scores[:1], "same": 2 * scores[:1], "noise": scores[1:]}, seed=0)
    same = interval_of(draws["one"] - draws["same"])
    assert (same.value, same.low, same.high) == (0, 0, 0)
    apart = interval_of(draws["one"] - draws["noise"])
    assert apart.low < apart.value < apart.high


def test_visitors_with_many_rows_alike_make_more_doubt_than_rows_would():
    draw = np.random.default_rng(1)
    clicked, score = np.repeat(draw.random(40) < 0.5, 50), np.repeat(draw.normal(size=40), 50)[None]
    by_visitor, by_row = (
        interval_of(auc_draws(clicked, who, {"x": score}, seed=0, resamples=200)["x"])
        for who in (np.repeat(np.arange(40), 50), np.arange(2_000))
    )
    assert by_visitor.high - by_visitor.low > 3 * (by_row.high - by_row.low)

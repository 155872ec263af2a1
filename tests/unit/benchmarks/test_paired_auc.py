import numpy as np
import pytest

from benchmarks.paired_auc import auc_difference, mean_auc
from winnow.metrics.binary import auc


def drawn(rows=400):
    generator = np.random.default_rng(0)
    labels = generator.random(rows) < 0.3
    return labels, labels + generator.normal(size=(3, rows))


def test_the_mean_over_seeds_is_that_of_their_aucs():
    labels, scores = drawn()
    assert mean_auc(labels, scores) == pytest.approx(np.mean([auc(labels, each) for each in scores]))


def test_a_model_does_not_differ_from_itself_and_a_useless_one_is_worse_beyond_doubt():
    labels, scores = drawn()
    same = auc_difference(labels, scores, scores, seed=0, resamples=50)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    useless = np.random.default_rng(1).normal(size=(1, len(labels)))
    worse = auc_difference(labels, useless, scores, seed=0, resamples=200)
    assert worse.low < worse.value < worse.high < 0


def test_equal_seeds_give_equal_intervals():
    labels, scores = drawn()
    one, same = (auc_difference(labels, scores[:1], scores[1:], seed=4, resamples=50) for _ in range(2))
    assert one == same

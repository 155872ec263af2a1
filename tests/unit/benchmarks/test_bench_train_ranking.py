"""The bare loop of the click model computes what ours does, so that their times may be compared."""

from dataclasses import replace
from time import process_time

import numpy as np
import pytest

from benchmarks import bench_train_ranking
from benchmarks.refused import RefusedError
from tests.unit.training.planted_impressions import CONFIG, drawn, planted_impressions

SHOWN = 1_000
ONCE = replace(CONFIG, epochs=1)


def batches():
    made = replace(drawn(SHOWN), propensities=np.random.default_rng(0).uniform(0.01, 1, SHOWN))
    return planted_impressions(made, lambda made: np.where(made.items % 2 == 0, 0.5, 0.1))[0]


@pytest.mark.parametrize("cap", [None, 5.0])
def test_both_are_timed_in_turn_and_end_with_the_same_weights(cap: float | None):
    config = replace(ONCE, propensity_cap=cap)
    ours, bare = bench_train_ranking.epochs(batches(), np.arange(SHOWN), config, process_time, rounds=2)
    assert ours > 0
    assert bare > 0


def test_loops_that_end_elsewhere_are_refused(monkeypatch: pytest.MonkeyPatch):
    bare = bench_train_ranking.bare_epochs
    monkeypatch.setattr(bench_train_ranking, "bare_epochs", lambda *args: bare(*args[:3], 1, args[4]))
    with pytest.raises(RefusedError, match="they do not compute the same"):
        bench_train_ranking.epochs(batches(), np.arange(SHOWN), ONCE, process_time, rounds=1)

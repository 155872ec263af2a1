import gc
import time

import numpy as np
import pytest

from benchmarks import measure
from benchmarks.measure import ROUND, latencies_ms


def test_every_call_after_the_warm_up_is_timed_in_order():
    asked = []
    slow = {7 + 3, 7 + ROUND}

    def call(number):
        asked.append(number)
        if number in slow:
            time.sleep(0.02)

    taken = latencies_ms(call, warm_up=7, rounds=2, label="test")
    assert asked == list(range(7 + 2 * ROUND))
    assert taken.shape == (2 * ROUND,)
    assert set(np.flatnonzero(taken >= 20.0)) >= {3, ROUND}
    assert np.median(taken) < 20.0


def test_garbage_is_thawed_after_an_error(monkeypatch):
    monkeypatch.setattr(measure, "gc", gc)
    frozen = []

    def fail(number):
        frozen.append(gc.get_freeze_count())
        raise KeyError

    with pytest.raises(KeyError):
        latencies_ms(fail, warm_up=0, rounds=1, label="test")
    assert frozen[0] > 0
    assert gc.get_freeze_count() == 0

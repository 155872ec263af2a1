"""What two trainings took, and what that says of a row."""

import gc
import time

import numpy as np
import pytest

from benchmarks import bench_train_memory
from benchmarks.trained_memory import SAMPLED_S, anonymous_bytes, repeated, watched
from tests.unit.training.planted import planted_dataset

FEW = {"rows": 1_000, "bytes": 2**20, "logged": 2_000, "log_bytes": 100_000, "reading_bytes": 400_000}
MANY = {**FEW, "rows": 4_000, "bytes": 2**20 + 27_000}


def test_a_row_takes_what_more_rows_took_more():
    found = {each.name: each for each in bench_train_memory.results(FEW, MANY)}
    values = {name.removeprefix("train.memory."): each.value for name, each in found.items()}
    assert values["once_mib"] == 1
    assert values["bytes_a_row"] == 9
    assert values["log_bytes_a_row"] == 50
    assert values["reading_bytes_a_row"] == 200
    assert "3,000 rows more" in found["train.memory.bytes_a_row"].how


def test_a_peak_is_seen_though_it_has_passed():
    gc.collect()  # what other tests left must not go meanwhile
    before = anonymous_bytes()
    with watched() as peak:
        held = np.ones(32_000_000)
        time.sleep(40 * SAMPLED_S)
        del held
    assert peak.most - before > 160_000_000
    assert peak.before == pytest.approx(before, abs=5_000_000)


def test_a_shop_without_impressions_is_as_it_was():
    assert repeated(planted_dataset(), 4).impressions is None

import subprocess

import pytest

from benchmarks import bench_simulate
from benchmarks.inputs import Inputs
from winnow.data.open_dataset import open_dataset


@pytest.fixture
def inputs(tmp_path):
    return Inputs(data=tmp_path, cache=tmp_path / "new" / "cache")


def test_a_shop_is_simulated_measured_counted_and_deleted(inputs, shop, monkeypatch):
    monkeypatch.setattr(bench_simulate, "RECIPES", ("tiny",))
    seconds, peak = bench_simulate.rows(inputs)
    assert (seconds.name, seconds.unit, seconds.better) == ("simulate.tiny.seconds", "s", "lower")
    assert (peak.name, peak.unit, peak.better) == ("simulate.tiny.peak_gb", "GB", "lower")
    assert seconds.value > 0
    assert peak.value > 0.01
    events, how = open_dataset(shop).events.num_rows, seconds.how
    assert how == peak.how
    assert f"; 300 users, 120 items, 14 days, {events:,} events, " in how
    assert int(how.rsplit(", ", 1)[1].removesuffix(" impressions").replace(",", "")) > events
    assert list(inputs.cache.iterdir()) == []


def test_a_shop_that_cannot_be_simulated_leaves_nothing(inputs, monkeypatch):
    monkeypatch.setattr(bench_simulate, "RECIPES", ("huge",))
    with pytest.raises(subprocess.CalledProcessError):
        list(bench_simulate.rows(inputs))
    assert list(inputs.cache.iterdir()) == []

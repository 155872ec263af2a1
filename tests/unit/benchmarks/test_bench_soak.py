"""What benchmarks of mixed load make of what came of it."""

import numpy as np
import pytest

from benchmarks import bench_soak, bench_swap
from benchmarks.benchmark import Benchmark
from benchmarks.inputs import Inputs
from benchmarks.soak import Soaked


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """Rows of a benchmark by name, of a load under which two calls failed and answers became slower and larger."""
    at = np.linspace(0, 100, 1001)
    found = Soaked(
        failures=["at 1.2.3.4:5", "at 1.2.3.4:6"], taken=[(t, 1 + (t > 50)) for t in at], swaps=7, clicks=3, changes=2
    )
    found.memory = [(t, 100 + t) for t in at]

    def rows(module):
        monkeypatch.setattr(module, "soaked_retail", lambda *_, **__: found)
        bench = Benchmark(group=module.GROUP, quality=module.QUALITY, measure=module.rows)
        return {row.name: row for row in bench.results(Inputs(data=tmp_path, cache=tmp_path))}

    return rows


def test_soak_tells_failures_and_growth(rows):
    found = rows(bench_soak)
    assert {name: row.value for name, row in found.items()} == {
        "soak.failed_requests": 2.0,
        "soak.p99_growth": 2.0,
        "soak.memory_growth": pytest.approx(195 / 115),
    }
    assert "7 swaps" in found["soak.failed_requests"].how
    assert found["soak.failed_requests"].how.endswith("; 2 times: at #")


def test_swaps_tell_failures(rows):
    found = rows(bench_swap)
    assert {name: row.value for name, row in found.items()} == {"swap.failed_requests": 2.0}

"""Every row says how large what it measured was."""

import pytest

from benchmarks import bench_http, bench_pipeline, bench_train
from benchmarks.command import Usage
from benchmarks.inputs import Inputs


@pytest.mark.parametrize(
    ("module", "measured"),
    [
        (bench_http, {"median_over_http": 3.0, "median_alone": 2.0}),
        (bench_pipeline, {"latencies_ms": [1.0, 2.0]}),
        (bench_train, {"winnow": Usage(peak_bytes=10**9), "check_quality": None}),
    ],
)
def test_every_row_names_the_sizes(module, measured, tmp_path, monkeypatch):
    inputs = Inputs(data=tmp_path, cache=tmp_path / "cache")
    (tmp_path / "retail-demo-store").mkdir()
    monkeypatch.setitem(inputs.__dict__, "bundle", tmp_path / "bundle")
    faked = {"open_engine": None, "workload_of": None, "sizes": "2 items, 3 candidates", **measured}
    for name, value in faked.items():
        monkeypatch.setattr(module, name, lambda *_, value=value, **__: value)
    rows = list(module.rows(inputs))
    assert len(rows) == 2
    assert all(row.name.startswith(f"{module.GROUP}.") for row in rows)
    assert all(row.how.endswith("; 2 items, 3 candidates") for row in rows)

import pytest

from benchmarks import bench_journal
from benchmarks.benchmark import Benchmark
from benchmarks.inputs import Inputs


@pytest.mark.slow  # hundreds of writes to the disk
def test_both_modes_and_sizes_are_measured_and_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_journal, "ROUNDS", {"write": 1, "fsync": 1})
    monkeypatch.setattr(bench_journal, "WARM_UP", 1)
    monkeypatch.setattr(bench_journal, "REPLAYED", 1000)
    benchmark = Benchmark(group=bench_journal.GROUP, quality=bench_journal.QUALITY, measure=bench_journal.rows)
    rows = list(benchmark.results(Inputs(data=tmp_path, cache=tmp_path / "cache")))
    assert [row.name.removeprefix("event.journal.") for row in rows] == [
        "append.p50_us",
        "append.100.p50_us",
        "append.fsync.p50_us",
        "append.100.fsync.p50_us",
        "replay.per_s",
        "replay.100.per_s",
    ]
    assert all(row.value > 0 for row in rows)
    assert "10 records of 100 events" in rows[-1].how
    assert list((tmp_path / "cache").iterdir()) == []

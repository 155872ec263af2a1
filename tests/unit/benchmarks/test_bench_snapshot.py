from benchmarks import bench_snapshot
from benchmarks.benchmark import Benchmark
from benchmarks.inputs import Inputs


def test_both_ways_to_start_and_those_who_wait_are_measured_and_nothing_is_left(tmp_path, monkeypatch):
    for name, value in (("USERS", 10), ("EVENTS", 200), ("START_USERS", 5), ("ROUNDS", 3)):
        monkeypatch.setattr(bench_snapshot, name, value)
    benchmark = Benchmark(group=bench_snapshot.GROUP, quality=bench_snapshot.QUALITY, measure=bench_snapshot.rows)
    rows = list(benchmark.results(Inputs(data=tmp_path, cache=tmp_path / "cache")))
    assert [row.name.removeprefix("state.snapshot.") for row in rows] == [
        "replay_s",
        "load_s",
        "take_s",
        "append.p99_ms",
        "read.p99_ms",
    ]
    assert all(row.value > 0 for row in rows)
    assert list((tmp_path / "cache").iterdir()) == []

from benchmarks import bench_encode_million
from benchmarks.inputs import Inputs


def test_each_size_is_measured_in_a_process_of_its_own_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_encode_million, "SIZES", {"3k": 3_000})
    (row,) = bench_encode_million.rows(Inputs(data=tmp_path, cache=tmp_path / "cache"))
    assert (row.name, row.unit, row.better) == ("encode.cache.3k.peak_gb", "GB", "lower")
    assert 0.02 < row.value < 1
    assert row.how.startswith("3,000 contents")
    assert list((tmp_path / "cache").iterdir()) == []

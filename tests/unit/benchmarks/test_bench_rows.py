"""Every row says how large what it measured was."""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import bench_similar, bench_train
from benchmarks.command import Usage
from benchmarks.inputs import Inputs
from winnow.pipeline.catalogue import Catalogue


@pytest.mark.parametrize(
    ("module", "measured"),
    [
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


def test_similar_items_are_named_by_the_size_of_the_catalogue_and_held_against_numpy(tmp_path, monkeypatch):
    tower = np.eye(40, dtype=np.float32)
    catalogue = Catalogue(
        item_ids=tuple(map(str, range(40))),
        codes=tower[:, :0],
        values=tower[:, :0],
        vectors={"words": tower[:, :3]},
        tower=tower,
        cards=[{}] * 40,
        allowed=np.ones(40, bool),
    )
    monkeypatch.setattr(bench_similar, "open_engine", lambda _: SimpleNamespace(catalogue=catalogue))
    monkeypatch.setattr(bench_similar, "ROUNDS", 1)
    inputs = Inputs(data=tmp_path, cache=tmp_path)
    monkeypatch.setitem(inputs.__dict__, "bundle", tmp_path)
    rows = list(bench_similar.rows(inputs))
    assert [row.name for row in rows] == ["similar.40.p50_us", "similar.40.over_numpy", "similar.40.mix.p50_us"]
    assert all(row.value > 0 for row in rows)
    assert all("40 items" in row.how for row in rows)

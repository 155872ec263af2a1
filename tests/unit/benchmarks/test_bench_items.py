"""The look-up of items three ways, on the small shop, and that all three look the same items up."""

import pytest

from benchmarks import bench_items
from benchmarks.benchmark import Benchmark
from benchmarks.feast_items import feast_items
from benchmarks.inputs import Inputs
from benchmarks.workload import Workload
from tests.valkey_server import needed_program
from winnow.data.open_dataset import open_dataset
from winnow.stores.feature_table import item_table


@pytest.fixture
def inputs(shop, bundle, tmp_path, monkeypatch):
    needed_program()
    (tmp_path / "retail-demo-store").mkdir()
    made = Inputs(data=tmp_path, cache=tmp_path / "cache")
    monkeypatch.setitem(made.__dict__, "bundle", bundle)
    return made


def test_the_items_are_looked_up_in_memory_and_in_feast_on_redis_and_on_sqlite(inputs, monkeypatch):
    monkeypatch.setattr(bench_items, "workload_of", lambda _: Workload(user_ids=("ann",), at=0.0))
    for name, value in {"CANDIDATES": 20, "WARM_UP": 1, "ROUNDS": 1, "FEAST_WARM_UP": 1, "FEAST_ROUNDS": 1}.items():
        monkeypatch.setattr(bench_items, name, value)
    bench = Benchmark(group=bench_items.GROUP, quality=bench_items.QUALITY, measure=bench_items.rows)
    rows = {row.name: row for row in bench.results(inputs)}
    assert list(rows) == [f"items.lookup_300.{name}_ms" for name in ("cache", "feast", "feast_sqlite")]
    assert "20 of 120 items" in rows["items.lookup_300.cache_ms"].how
    assert "the same 20 items from Feast 0.67" in rows["items.lookup_300.feast_ms"].how


def test_feast_says_of_items_what_the_data_set_says(inputs, shop):
    dataset = open_dataset(shop)
    table = item_table(dataset.schema)
    wanted = {row.pop("item_id"): row for row in dataset.items.to_pylist()}
    with feast_items(inputs, on_redis=False) as repository:
        found = repository.online(table, [*wanted, "no item"])
    assert found == [*({name: row[name] for name in table.columns} for row in wanted.values()), None]

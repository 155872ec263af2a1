"""New items by removing their past, and what is asked of them."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import bench_cold, bench_cold_texts
from benchmarks.cold_items import cold_recall, with_items_held_out, without_features
from benchmarks.inputs import Inputs
from winnow.data.dataset import AT, ITEM
from winnow.data.open_dataset import open_dataset
from winnow.data.split import split_by_time, train_events
from winnow.recipes.recipes import tiny
from winnow.schema.progress import silent


@pytest.fixture(scope="module")
def dataset(shop):
    return open_dataset(shop)


def test_items_that_are_held_out_have_no_past_and_keep_their_future(dataset):
    split = split_by_time(dataset, 3.0)
    held = with_items_held_out(dataset, 3.0, 0.25, seed=0)
    before, after = (set(train_events(each, split)[ITEM].to_pylist()) for each in (dataset, held))
    gone = before - after
    assert after <= before
    assert 0.15 * len(before) < len(gone) <= 0.25 * dataset.items.num_rows
    kept = [
        (item, at)
        for item, at in zip(dataset.events[ITEM].to_pylist(), dataset.events[AT].to_pylist(), strict=True)
        if at >= split.train_until or item not in gone
    ]
    assert list(zip(held.events[ITEM].to_pylist(), held.events[AT].to_pylist(), strict=True)) == kept
    assert with_items_held_out(dataset, 3.0, 0.25, seed=1).digest != held.digest
    assert held.items is dataset.items


def test_content_that_is_left_out_is_read_by_no_model_and_still_shown(dataset):
    bare = without_features(dataset, "title", "picture")
    read = {each.name for each in bare.schema if each.transform is not None}
    assert {each.name for each in dataset.schema if each.transform is not None} - read == {"title", "picture"}
    assert [each.name for each in bare.schema if each.card] == [each.name for each in dataset.schema if each.card]


@pytest.mark.slow  # it trains
def test_recall_is_of_users_who_want_something_new(dataset, bundle, tmp_path):
    held = with_items_held_out(dataset, 3.0, 0.25, seed=0)
    config = replace(tiny(), retrieval=replace(tiny().retrieval, epochs=1))
    recall = cold_recall(held, config, tmp_path / "bundle", bundle.parent / "vectors.arrow", silent)
    assert 10 < len(recall) <= dataset.users.num_rows
    assert 0 < recall.mean() < 1


def test_planted_shops_have_four_rows_each_with_paired_lifts(tmp_path, monkeypatch):
    found = {"ids": 0.1, "words": 0.15, "pictures": 0.2, "both": 0.25}
    monkeypatch.setattr(bench_cold, "open_dataset", lambda *_, **__: None)
    monkeypatch.setattr(bench_cold, "write_shop", lambda *_: None)
    monkeypatch.setattr(bench_cold, "without_features", lambda _, *hidden: hidden)
    names = {hidden: name for name, hidden in bench_cold.HIDDEN.items()}
    monkeypatch.setattr(bench_cold, "cold_recall", lambda hidden, *_: np.full(40, found[names[hidden]]))
    rows = {row.name: row for row in bench_cold.rows(Inputs(data=tmp_path, cache=tmp_path))}
    assert list(rows) == [f"{group}.recall_at_50.{name}" for group in ("cold", "cold.demo") for name in found]
    assert rows["cold.recall_at_50.words"].value == pytest.approx(0.15)
    assert rows["cold.recall_at_50.words"].how.endswith("120 users of 3 simulated shops (seeds 1 to 3); "
                                                        "+50% [+50%, +50%] over ids, paired")  # fmt: skip
    assert "over 10,000 items" in rows["cold.recall_at_50.both"].how
    assert "+25% [+25%, +25%] over pictures" in rows["cold.demo.recall_at_50.both"].how


def test_real_shops_have_three_rows_each(dataset, tmp_path, monkeypatch):
    (tmp_path / "retail-demo-store").mkdir()
    for name in ("open_dataset", "read_online_retail"):
        monkeypatch.setattr(bench_cold_texts, name, lambda *_, **__: dataset)
    monkeypatch.setattr(bench_cold_texts, "with_items_held_out", lambda data, *_: data)
    asked = []
    monkeypatch.setattr(bench_cold_texts, "cold_recall", lambda *given: asked.append(given[1]) or np.full(9, 0.5))
    rows = list(bench_cold_texts.rows(Inputs(data=tmp_path, cache=tmp_path)))
    wanted = [
        f"cold.{shop}.recall_at_50.{way}" for shop in ("retail", "online_retail") for way in ("ids", "tfidf", "sbert")
    ]
    assert [row.name for row in rows] == wanted
    assert [config.encoders.text.partition(":")[0] for config in asked] == ["embedded", "embedded", "sentence-bert"] * 2
    assert [config.holdout_days for config in asked] == [7.0] * 3 + [14.0] * 3

"""New items by removing their past, and what is asked of them."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import bench_cold, bench_cold_texts
from benchmarks.cold_items import ColdAnswers, cold_answers, with_items_held_out, without_features
from benchmarks.expected_of_new import expected_of_new, expected_share
from benchmarks.inputs import Inputs
from winnow.data.dataset import AT, ITEM
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.expected_clicks import expected_clicks
from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.tables import user_ids
from winnow.data.shop.truth import Truth
from winnow.data.split import split_by_time, train_events
from winnow.evaluation.held_out import HeldOut
from winnow.recipes.recipes import tiny
from winnow.schema.column import Ragged
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
    answers = cold_answers(held, config, tmp_path / "bundle", bundle.parent / "vectors.arrow", silent)
    assert 10 < len(answers.recall) <= dataset.users.num_rows
    assert 0 < answers.recall.mean() < 1


def test_planted_shops_have_rows_of_four_ways_with_paired_lifts(tmp_path, monkeypatch):
    found = {"ids": 0.1, "words": 0.15, "pictures": 0.2, "both": 0.25}
    monkeypatch.setattr(bench_cold, "open_dataset", lambda *_, **__: None)
    monkeypatch.setattr(bench_cold, "write_shop", lambda *_: None)
    monkeypatch.setattr(bench_cold, "without_features", lambda _, *hidden: hidden)
    names = {hidden: name for name, hidden in bench_cold.HIDDEN.items()}
    monkeypatch.setattr(
        bench_cold,
        "cold_answers",
        lambda hidden, *_: SimpleNamespace(recall=np.full(40, found[names[hidden]]), recommended=names[hidden]),
    )
    monkeypatch.setattr(bench_cold, "expected_of_new", lambda *_: 0.5)
    monkeypatch.setattr(bench_cold, "expected_share", lambda half, name: np.full(40, half * found[name]))
    rows = {row.name: row for row in bench_cold.rows(Inputs(data=tmp_path, cache=tmp_path))}
    measures = ("recall_at_50", "expected_share")
    wanted = [f"{group}.{each}.{name}" for group in ("cold", "cold.demo") for each in measures for name in found]
    assert list(rows) == wanted
    assert rows["cold.recall_at_50.words"].value == pytest.approx(0.15)
    assert rows["cold.recall_at_50.words"].how.endswith("120 users of 3 simulated shops (seeds 1 to 3); "
                                                        "+50% [+50%, +50%] over ids, paired")  # fmt: skip
    assert "over 10,000 items" in rows["cold.recall_at_50.both"].how
    assert rows["cold.expected_share.words"].value == pytest.approx(0.075)
    assert rows["cold.expected_share.words"].how.startswith("expected clicks on new items")
    assert "+25% [+25%, +25%] over pictures" in rows["cold.demo.recall_at_50.both"].how


def test_real_shops_have_three_rows_each(dataset, tmp_path, monkeypatch):
    (tmp_path / "retail-demo-store").mkdir()
    for name in ("open_dataset", "read_online_retail"):
        monkeypatch.setattr(bench_cold_texts, name, lambda *_, **__: dataset)
    monkeypatch.setattr(bench_cold_texts, "with_items_held_out", lambda data, *_: data)
    asked = []
    answers = SimpleNamespace(recall=np.full(9, 0.5))
    monkeypatch.setattr(bench_cold_texts, "cold_answers", lambda *given: asked.append(given[1]) or answers)
    rows = list(bench_cold_texts.rows(Inputs(data=tmp_path, cache=tmp_path)))
    wanted = [
        f"cold.{shop}.recall_at_50.{way}" for shop in ("retail", "online_retail") for way in ("ids", "tfidf", "sbert")
    ]
    assert [row.name for row in rows] == wanted
    assert [config.encoders.text.partition(":")[0] for config in asked] == ["embedded", "embedded", "sentence-bert"] * 2
    assert [config.holdout_days for config in asked] == [7.0] * 3 + [14.0] * 3


def test_what_is_expected_of_new_items_is_that_of_the_truth(shop, dataset):
    truth, names = Truth.open(shop), dataset.items[ITEM].to_pylist()
    known = np.arange(len(names)) % 2 == 0
    users, at = (3, 5), np.full(2, dataset.events[AT][0].as_py())
    held = HeldOut(
        users=np.array(users),
        user_ids=tuple(user_ids(6).to_pylist()[each] for each in users),
        at=at,
        context={"device_type": np.array([DEVICES[0]] * 2, object)},
        relevant=Ragged(np.array([1, 1]), np.array([0, 1, 2])),
        history=Ragged(np.array([1]), np.array([0, 1, 1])),
    )
    answers = ColdAnswers(held=held, known=known, item_ids=names, recommended=np.array([[1, 3, 0], [1, -1, -1]]))
    expected = expected_of_new(shop, answers)
    likings = truth.world.people(truth.world.spec.days - 1).likings[list(users)]
    wanted = expected_clicks(truth, likings, at, np.zeros(2, np.int64))
    wanted[:, known], wanted[0, 1] = 0, 0
    np.testing.assert_array_equal(expected, wanted)
    share = expected_share(expected, answers.recommended)
    np.testing.assert_allclose(share, [wanted[0, 3] / wanted[0].sum(), wanted[1, 1] / wanted[1].sum()], rtol=1e-6)

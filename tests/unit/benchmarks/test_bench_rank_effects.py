"""What is hidden of each effect, and the rows about it."""

import numpy as np
import pytest

from benchmarks import bench_rank_effects
from benchmarks.bench_rank_effects import HIDDEN, without_effect, without_visit
from benchmarks.inputs import Inputs
from benchmarks.shown_in_shop import planted_in, shown_in
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.effects import SHARES
from winnow.schema.progress import silent


@pytest.fixture(scope="module")
def known(shop):
    dataset = open_dataset(shop)
    split, planted = planted_in(dataset, silent)
    return dataset, planted, shown_in(dataset, split, planted, silent)


def test_what_is_hidden_are_features_of_the_shop(known):
    dataset, _, _ = known
    read = {each.name for each in dataset.schema if each.transform is not None}
    assert {name for hidden in HIDDEN.values() for name in hidden} <= read


def test_the_log_of_the_truth_and_the_impressions_are_the_same_in_the_same_order(known):
    dataset, planted, shown = known
    names = dataset.items["item_id"].combine_chunks().take(shown.rows.items)
    np.testing.assert_array_equal(planted.truth.item_rows(names), shown.log.items)
    np.testing.assert_array_equal(shown.rows.at, shown.log.at)
    np.testing.assert_array_equal(shown.rows.positions, shown.log.positions)
    np.testing.assert_array_equal(shown.rows.clicked, shown.log.clicked)
    assert shown.rows.at[shown.train].max() < planted.split.train_until <= shown.rows.at[shown.test].min()


def test_a_visit_that_is_hidden_has_no_likeness_and_all_else(known):
    _, _, shown = known
    some = shown.test[(shown.rows.recent[shown.test] >= 0).any(axis=1)][:50]
    told, hidden = (each.batches(some) for each in (shown, without_visit(shown)))
    assert told["likeness"].any()
    assert not hidden["likeness"].any()
    assert all((told[name] == hidden[name]).all() for name in told if name != "likeness")


def test_an_effect_that_is_taken_out_no_longer_moves_a_click(known):
    _, planted, shown = known
    log = shown.log.take(shown.test[:500])
    whole = planted.reference_logits(log)
    assert all((without_effect(planted, each).reference_logits(log) != whole).any() for each in SHARES)
    bare = planted
    for each in SHARES:
        bare = without_effect(bare, each)
    assert np.ptp(bare.reference_logits(log)) < np.ptp(whole) / 2


def test_each_row_without_something_tells_its_loss(tmp_path, monkeypatch):
    shares = {"whole": [0.7, 0.71, 0.69], "whole_without_price": [0.6, 0.61, 0.59], "stranger": [0.8, 0.8, 0.8]}
    monkeypatch.setattr(bench_rank_effects, "simulated_shop", lambda *_: None)
    monkeypatch.setattr(bench_rank_effects, "_shares", lambda *_: {k: np.array(v) for k, v in shares.items()})
    rows = {row.name: row for row in bench_rank_effects.rows(Inputs(data=tmp_path, cache=tmp_path))}
    assert list(rows) == [f"rank.effects.{each}" for each in shares]
    told = rows["rank.effects.whole_without_price"].how
    assert told.endswith("as the demo's; -0.1000 [-0.1000, -0.1000] over whole, paired by visitors")
    assert rows["rank.effects.whole"].how.endswith("of 1 shop as the demo's")
    assert rows["rank.effects.stranger"].how.endswith("of 1 shop as the demo's")

"""Pages by popularity in the training time, shuffled later, and the rows about them."""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import bench_rank_position, shown_in_shop
from benchmarks.bench_rank_position import by_popularity, without_places
from benchmarks.inputs import Inputs
from benchmarks.shown_in_shop import ShownInShop
from tests.unit.benchmarks.impressions_of_pages import impressions

PAGES, PLACES = 2_000, 4


@pytest.fixture
def shown(monkeypatch):
    """Item 3 was clicked most, then 2, 1 and 0; the later half of the pages is not trained on."""
    rows = impressions(
        visitors=np.repeat(np.arange(PAGES), PLACES),
        pages_at=np.repeat(np.arange(PAGES), PLACES),
        positions=np.tile(1 + np.arange(PLACES), PAGES),
        items=np.tile(range(PLACES), PAGES),
        clicked=np.arange(PAGES * PLACES) % 12 <= np.tile(range(PLACES), PAGES),
    )
    monkeypatch.setattr(shown_in_shop.ClickBatches, "of", staticmethod(batches_of))
    return ShownInShop(batches=batches_of(SimpleNamespace(num_items=PLACES), rows), log=None, until=PAGES / 2)


def batches_of(data, rows, *_):
    """Of rows alone: no model reads them."""
    return SimpleNamespace(data=data, rows=rows)


def test_the_popular_stand_first_in_the_training_time_and_anywhere_later(shown):
    clicks = np.bincount(shown.rows.items[shown.train], shown.rows.clicked[shown.train])
    wanted = 1 + np.argsort(np.argsort(-clicks))
    rows = by_popularity(shown, np.full(len(shown.rows), 0.5), np.ones(PLACES), np.random.default_rng(0)).rows
    assert rows.positions[shown.train].tolist() == np.tile(wanted, PAGES // 2).tolist()
    later = rows.positions[shown.test]
    for item in range(PLACES):
        assert np.bincount(later[item::PLACES])[1:] / (PAGES / 2) == pytest.approx([1 / PLACES] * PLACES, abs=0.05)


def test_clicks_are_drawn_anew_by_the_new_place(shown):
    looked = np.array([1.0, 0.5, 0.25, 0.0])
    rows = by_popularity(shown, np.full(len(shown.rows), 0.6), looked, np.random.default_rng(0)).rows
    for place in range(PLACES):
        assert rows.clicked[rows.positions == place + 1].mean() == pytest.approx(0.6 * looked[place], abs=0.03)
    assert rows.items is shown.rows.items
    assert rows.recent is shown.rows.recent


def test_the_naive_model_is_told_no_place_and_the_same_clicks(shown):
    rows = without_places(shown).rows
    assert not rows.positions.any()
    assert rows.clicked is shown.rows.clicked


def test_both_models_have_a_row_by_each_law_and_the_first_tells_the_difference(tmp_path, monkeypatch):
    draws = {"debiased": np.array([0.7, 0.69, 0.71]), "naive": np.array([0.6, 0.6, 0.6])}
    monkeypatch.setattr(bench_rank_position, "simulated_shop", lambda *_: None)
    monkeypatch.setattr(bench_rank_position, "_measured", lambda *_: {"": draws, "mild.": draws})
    rows = {row.name: row for row in bench_rank_position.rows(Inputs(data=tmp_path, cache=tmp_path))}
    assert list(rows) == [f"rank.position.{each}" for each in ("debiased", "naive", "mild.debiased", "mild.naive")]
    assert rows["rank.position.debiased"].value == pytest.approx(0.7)
    assert "; +0.1000 [+0.0905, +0.1095] over naive" in rows["rank.position.debiased"].how
    assert "by the law of the shop" in rows["rank.position.mild.naive"].how

"""The baselines on the Retail Demo Store data, against figures that were measured apart from this code."""

from pathlib import Path

import numpy as np
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.split import split_by_time
from winnow.evaluation.baselines import Baselines
from winnow.evaluation.held_out import held_out
from winnow.metrics.ranking import ndcg_at_k, recall_at_k
from winnow.pipeline.catalogue import Catalogue

MEASURED = {
    ("kept", "popular"): (0.114, 0.076),
    ("kept", "popular_7d"): (0.113, 0.076),
    ("kept", "own_history"): (0.831, 0.633),
    ("kept", "item_to_item"): (0.841, 0.631),
    ("kept", "ease"): (0.842, 0.638),
    ("masked", "popular"): (0.023, 0.008),
    ("masked", "popular_7d"): (0.023, 0.008),
    ("masked", "item_to_item"): (0.566, 0.358),
    ("masked", "ease"): (0.667, 0.470),
}
"""Recall@10 and NDCG@10 of an independent run; its 95 % intervals are about 0.01 wide on each side."""


def test_users_and_baselines_agree_with_an_independent_run(winnow_data: Path) -> None:
    dataset = open_dataset(winnow_data / "retail-demo-store")
    split = split_by_time(dataset, 7)
    item_ids = tuple(dataset.items["item_id"].to_pylist())
    empty = np.zeros((len(item_ids), 1), np.float32)
    catalogue = Catalogue(
        item_ids=item_ids,
        codes=empty,
        values=empty,
        vectors={},
        tower=empty,
        cards=[{}] * len(item_ids),
        allowed=np.ones(len(item_ids), bool),
    )
    kept = held_out(dataset, split, catalogue)
    settings = {"kept": kept, "masked": kept.masked()}
    assert {seen: len(held) for seen, held in settings.items()} == {"kept": 5871, "masked": 1500}
    baselines = Baselines.fit(dataset, split, catalogue)
    found = {
        (seen, name): (recall_at_k(lists, held.relevant, 10).mean(), ndcg_at_k(lists, held.relevant, 10).mean())
        for seen, held in settings.items()
        for name, lists in baselines.rank(held, "masked" if seen == "masked" else "kept", 10, lambda _: None).items()
    }
    assert found == {key: pytest.approx(figures, abs=0.01) for key, figures in MEASURED.items()}

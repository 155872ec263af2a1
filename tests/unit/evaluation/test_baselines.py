"""The baselines of the report, by hand, and what they must not know."""

import numpy as np

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.evaluation.baselines import Baselines
from winnow.evaluation.held_out import held_out
from winnow.pipeline.catalogue import Catalogue


def test_lists_with_the_history_kept(dataset: Dataset, split: TimeSplit, catalogue: Catalogue) -> None:
    # Events: item 2 three, item 5 two, item 3 one. In the last seven days: items 2, 3 and 5, one each (4, 9, 9.5).
    # Cosines: 2-5 1/2, 2-3 1/sqrt(2), 3-5 0.
    # item_to_item, ann: item 2 has 1/2 + 2 events, item 5 1/2 + 1, item 3 .71. bob: 2 and 3 tie at 1.71, item 5 1/2.
    held = held_out(dataset, split, catalogue)
    lists = Baselines.fit(dataset, split, catalogue).rank(held, "kept", 4, lambda _: None)
    assert lists["popular"].tolist() == [[2, 5, 3, 0]] * 3
    assert lists["popular_7d"].tolist() == [[2, 5, 3, 0]] * 3
    assert lists["own_history"].tolist() == [[2, 5, 3, 0], [3, 2, 5, 0], [2, 5, 3, 0]]
    assert lists["item_to_item"].tolist() == [[2, 5, 3, 0], [2, 3, 5, 0], [2, 5, 3, 0]]


def test_lists_with_the_history_masked(dataset: Dataset, split: TimeSplit, catalogue: Catalogue) -> None:
    held = held_out(dataset, split, catalogue).masked()
    lists = Baselines.fit(dataset, split, catalogue).rank(held, "masked", 2, lambda _: None)
    assert set(lists) == {"popular", "popular_7d", "item_to_item", "ease"}
    assert lists["popular"].tolist() == [[3, 0], [2, 5]]
    assert lists["item_to_item"].tolist() == [[3, 0], [2, 5]]


def test_popularity_of_seven_days_forgets_the_days_before(
    dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    models = Baselines.fit(dataset, split, catalogue).models
    everybody, week = (models[name].scores(np.array([0]))[0, [2, 3, 5]] for name in ("popular", "popular_7d"))
    assert everybody.tolist() == [3, 1, 2]
    assert week.tolist() == [2, 1, 1]


def test_nothing_of_the_test_time_reaches_a_baseline(
    dataset: Dataset, leaky_dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    held = held_out(dataset, split, catalogue)
    honest = Baselines.fit(dataset, split, catalogue).rank(held, "kept", 20, lambda _: None)
    tempted = Baselines.fit(leaky_dataset, split, catalogue).rank(held, "kept", 20, lambda _: None)
    for name, lists in honest.items():
        np.testing.assert_array_equal(lists, tempted[name])
        assert 39 not in lists

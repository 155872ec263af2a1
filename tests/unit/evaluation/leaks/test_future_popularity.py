"""Popularity against the positives of the training time."""

import numpy as np

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, trained_on
from winnow.data.dataset import ITEM
from winnow.evaluation.leaks.future_popularity import future_popularity


def test_the_positives_of_the_training_time_pass_and_so_does_less() -> None:
    events = cut_in_time(random_shop(0))
    honest = trained_on(events)
    assert future_popularity(events, honest).severity == "none"
    assert future_popularity(events, trained_on(events, popularity=honest.popularity / 2)).severity == "none"


def test_one_more_event_than_the_training_time_has_is_a_leak() -> None:
    events = cut_in_time(random_shop(0))
    popularity = trained_on(events).popularity.copy()
    popularity[4] += 1
    found = future_popularity(events, trained_on(events, popularity=popularity))
    assert found.severity == "leak"
    assert found.sentence.startswith("1 of 9 items")
    assert found.evidence == ({ITEM: "i4", "popularity": popularity[4], "positives": int(popularity[4] - 1)},)


def test_counts_of_all_times_are_a_leak() -> None:
    events = cut_in_time(random_shop(0))
    everything = np.bincount(events.both.items[events.both.positive], minlength=9).astype(np.float32)
    assert future_popularity(events, trained_on(events, popularity=everything)).severity == "leak"


def test_a_catalogue_in_another_order_is_read_by_its_names() -> None:
    events = cut_in_time(random_shop(0))
    honest = trained_on(events)
    turned = trained_on(events, item_ids=honest.item_ids[::-1], popularity=honest.popularity[::-1])
    assert future_popularity(events, turned).severity == "none"
    assert future_popularity(events, trained_on(events, popularity=honest.popularity[::-1])).severity == "leak"

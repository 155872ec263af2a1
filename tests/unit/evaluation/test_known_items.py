"""What makes an item known."""

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.evaluation.known_items import known_items
from winnow.pipeline.catalogue import Catalogue

DAY = 86_400.0


def test_an_item_is_known_by_any_event_before_the_cut_and_by_none_after_it(
    dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    known = known_items(dataset, split, catalogue)
    assert known.nonzero()[0].tolist() == [2, 3, 5]
    later = TimeSplit(train_until=11 * DAY, test_until=30 * DAY)
    assert known_items(dataset, later, catalogue).nonzero()[0].tolist() == [2, 3, 5, 30], "a cart is an event too"

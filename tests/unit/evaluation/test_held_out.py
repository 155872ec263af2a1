"""Who is asked, when, and what would have been right."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.evaluation.held_out import held_out
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Masked, Ragged
from winnow.schema.errors import DataError

DAY = 86_400.0


def lists(items: Ragged) -> list[list[int]]:
    return [items.row(row).tolist() for row in range(len(items))]


def test_kept_wants_every_positive_item_of_the_test_time_once(
    dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    held = held_out(dataset, split, catalogue)
    assert held.user_ids == ("ann", "bob", "cy")
    assert lists(held.relevant) == [[2, 12, 65], [3], [10, 25]]
    assert lists(held.history) == [[2, 5], [2, 3], []]
    assert held.warm.tolist() == [True, True, False]


def test_masked_leaves_out_what_was_had_and_who_wants_nothing_else(
    dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    masked = held_out(dataset, split, catalogue).masked()
    assert masked.user_ids == ("ann", "cy")
    assert lists(masked.relevant) == [[12, 65], [10, 25]]
    assert lists(masked.history) == [[2, 5], []]


def test_only_the_items_that_count_are_right_and_who_wants_none_of_them_is_left_out(
    dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    held = held_out(dataset, split, catalogue)
    counted = held.counting(np.isin(np.arange(len(catalogue)), [3, 12, 65]))
    assert counted.user_ids == ("ann", "bob")
    assert lists(counted.relevant) == [[12, 65], [3]]
    assert lists(counted.history) == [[2, 5], [2, 3]]
    assert lists(held.relevant) == [[2, 12, 65], [3], [10, 25]], "the whole is as it was"
    assert len(held.counting(np.zeros(len(catalogue), bool))) == 0


def test_the_request_is_the_first_positive_test_event(dataset: Dataset, split: TimeSplit, catalogue: Catalogue) -> None:
    held = held_out(dataset, split, catalogue)
    np.testing.assert_array_equal(held.at / DAY, [11, 12, 13])
    assert list(held.context) == ["device"]
    device = held.context["device"]
    assert isinstance(device, Masked)
    assert device.values[device.present].tolist() == ["app", "web"]
    assert device.present.tolist() == [True, False, True]


def test_events_of_the_seen_types_count_as_had_and_others_do_not(
    dataset: Dataset, split: TimeSplit, catalogue: Catalogue
) -> None:
    bought = pa.table(
        {"user_id": ["cy"], "item_id": ["item-10"], "event_type": ["purchase"], "at": [0.0], "device": ["web"]}
    )
    events = pa.concat_tables([bought, dataset.events])
    bought_dataset = replace(dataset, events=events)
    assert lists(held_out(bought_dataset, split, catalogue, ("cart",)).masked().relevant) == [[12, 65], [10, 25]]
    masked = held_out(bought_dataset, split, catalogue, ("cart", "purchase")).masked()
    assert lists(masked.relevant) == [[12, 65], [25]]
    assert masked.warm.tolist() == [True, True]


def test_a_test_time_without_positive_events_is_refused(dataset: Dataset, catalogue: Catalogue) -> None:
    with pytest.raises(DataError, match=r"No event of the test time is of a positive type \(view\)"):
        held_out(dataset, TimeSplit(train_until=20 * DAY, test_until=30 * DAY), catalogue)


def test_an_item_that_the_catalogue_lacks_is_refused(dataset: Dataset, split: TimeSplit, catalogue: Catalogue) -> None:
    smaller = Catalogue(
        item_ids=catalogue.item_ids[:65],
        codes=catalogue.codes[:65],
        values=catalogue.values[:65],
        vectors={},
        tower=catalogue.tower[:65],
        cards=catalogue.cards[:65],
        allowed=catalogue.allowed[:65],
    )
    with pytest.raises(DataError, match=r"1 events name items .* for example 'item-65'"):
        held_out(dataset, split, smaller)

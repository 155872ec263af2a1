"""What users had before they are asked."""

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import TYPE, Dataset
from winnow.data.split import Split, test_events
from winnow.evaluation.interactions import Interactions, read_interactions, visitors
from winnow.schema.column import Array


def history(dataset: Dataset, split: Split, item_ids: tuple[str, ...], types: tuple[str, ...]) -> Interactions:
    """Events of training and of validation, strictly before the user's request, as the pipeline reads its stores.

    Args:
        dataset: the data.
        split: what is for training, for validation and for the test.
        item_ids: outside names of the catalogue, by row.
        types: event types that count.

    Raises:
        DataError: an event names an item that the catalogue does not have.
    """
    known = split.training(dataset) | split.validation(dataset)
    had = read_interactions(of_types(dataset.events.filter(pa.array(known)), types), visitors(dataset), item_ids)
    return had.before(_asked_at(dataset, split, item_ids))


def of_types(events: pa.Table, types: tuple[str, ...]) -> pa.Table:
    """The events of some types."""
    return events.filter(pc.is_in(events[TYPE], value_set=pa.array([str(each) for each in types], pa.string())))


def _asked_at(dataset: Dataset, split: Split, item_ids: tuple[str, ...]) -> Array:
    """float64 [visitors], the instant of each one's first positive event of the test; infinite for who has none."""
    test = of_types(test_events(dataset, split), dataset.schema.events.positives)
    wanted = read_interactions(test, visitors(dataset), item_ids)
    at = np.full(wanted.num_users, np.inf)
    np.minimum.at(at, wanted.users, wanted.at)
    return at

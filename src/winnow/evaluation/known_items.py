"""Which items the training time knows."""

import numpy as np

from winnow.data.dataset import Dataset
from winnow.data.split import Split, train_events
from winnow.evaluation.interactions import read_interactions, visitors
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Bools


def known_items(dataset: Dataset, split: Split, catalogue: Catalogue) -> Bools:
    """Items with an event of any type in the training time; the others are new, and only content can tell of them.

    Returns:
        bool [I], by catalogue row.

    Raises:
        DataError: the catalogue lacks an item of an event.
    """
    training = read_interactions(train_events(dataset, split), visitors(dataset), catalogue.item_ids)
    known = np.zeros(len(catalogue), np.bool_)
    known[training.items] = True
    return known

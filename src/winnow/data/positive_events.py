"""Which events a good recommendation leads to."""

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import TYPE, Dataset
from winnow.schema.column import Bools


def positive_events(dataset: Dataset, events: pa.Table | None = None) -> Bools:
    """bool [E], whether the type of each event is positive; of all events of the data set by default."""
    words = pa.array([str(each) for each in dataset.schema.events.positives], pa.string())
    return np.asarray(pc.is_in((dataset.events if events is None else events)[TYPE], words), bool)

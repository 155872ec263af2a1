"""Whether a bundle counts events that nobody had made before the test time."""

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import ITEM
from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.schema.column import Array

CHECK = "future popularity"


def future_popularity(events: SplitEvents, trained: TrainedOn) -> Finding:
    """Items that are more popular in the bundle than the positives of the training time make them."""
    counts = _positives(events, trained.item_ids)
    ahead = np.flatnonzero(trained.popularity > counts + 0.5)
    return Finding(
        check=CHECK,
        severity="leak" if len(ahead) else "none",
        sentence=f"{len(ahead):,} of {len(counts):,} items are more popular in the bundle than their positive events "
        "of the training time make them.",
        evidence=tuple(
            {ITEM: trained.item_ids[row], "popularity": float(trained.popularity[row]), "positives": int(counts[row])}
            for row in ahead[:MOST_ROWS].tolist()
        ),
    )


def _positives(events: SplitEvents, item_ids: tuple[str, ...]) -> Array:
    """int64 [I], positives of the training time by row of the bundle's catalogue."""
    train = events.train
    names = train.table[ITEM].filter(pa.array(train.positive))
    rows = pc.index_in(names, value_set=pa.array(item_ids, pa.string())).drop_null()
    return np.bincount(np.asarray(rows, np.int64), minlength=len(item_ids))

"""Events of a data set as the stores read them."""

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_log import EventLog


def event_log(events: pa.Table) -> EventLog:
    """The events as the stores read them.

    Args:
        events: in the form of `Dataset.events`.

    Raises:
        DataError: an event has no user, or its time is not finite.
    """
    types = pc.index_in(events[TYPE], pa.array([str(each) for each in EventType]))
    encoded = pc.dictionary_encode(events[ITEM].combine_chunks())
    hashes = stable_hashes(encoded.dictionary.to_pylist())
    return EventLog.of(
        user_ids=events[USER].to_pylist(),
        item_hashes=hashes[np.asarray(encoded.indices)] if len(hashes) else hashes,
        types=np.asarray(types).astype(np.int8),
        at=np.asarray(events[AT], np.float64),
    )

"""The files of served lists: where a list goes, and which columns it has."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import orjson
import pyarrow as pa

from winnow.schema.column import Array
from winnow.serving.event_log.served_list import ServedList

SERVED = "_served"
"""Folder beside the days of events; readers of events pass over it."""
REQUEST, CANDIDATE = "request:", "candidate:"
"""What the names of the ranker's inputs begin with: one value or list a served list, one after the other an item."""
SERVED_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("user_id", pa.string()),
        ("at", pa.float64()),
        ("arrived_at", pa.float64()),
        ("bundle", pa.string()),
        ("page", pa.int32()),
        ("context", pa.string()),
        ("degraded", pa.list_(pa.string())),
        ("item_ids", pa.list_(pa.string())),
        ("scores", pa.list_(pa.float32())),
        ("propensities", pa.list_(pa.float32())),
        ("seen", pa.list_(pa.bool_())),
    ]
)
"""Columns of every file. `arrived_at`: when it was answered; `context`: as JSON; `bundle`: its digest."""


def served_partition(served: ServedList) -> str:
    """The folder of a list: the UTC day on which it was answered."""
    return f"{SERVED}/day={datetime.fromtimestamp(served.answered_at, UTC).date().isoformat()}"


def served_table(lists: Sequence[ServedList]) -> pa.Table:
    """Lists of one bundle as rows."""
    told = [
        [each.request_id for each in lists],
        [each.user_id for each in lists],
        [each.at for each in lists],
        [each.answered_at for each in lists],
        [each.digest for each in lists],
        [each.page for each in lists],
        [orjson.dumps(dict(each.context)).decode() for each in lists],
        [each.degraded for each in lists],
        [each.item_ids for each in lists],
    ]
    fixed = [pa.array(each, kind) for each, kind in zip(told, SERVED_SCHEMA.types, strict=False)]
    fixed += [_rows([getattr(each, name) for each in lists]) for name in ("scores", "propensities", "seen")]
    features = _features(REQUEST, [each.request for each in lists])
    features |= _features(CANDIDATE, [each.candidates for each in lists])
    columns = dict(zip(SERVED_SCHEMA.names, fixed, strict=True))
    return pa.table({**columns, **features})


def _features(prefix: str, each_list: Sequence[Mapping[str, Array]]) -> dict[str, pa.Array]:
    return {f"{prefix}{name}": _rows([told[name] for told in each_list]) for name in each_list[0]}


def _rows(arrays: Sequence[Array]) -> pa.ListArray:
    """Each array, whatever its shape, as one list."""
    ends = np.cumsum([each.size for each in arrays])
    values = np.concatenate([each.ravel() for each in arrays])
    return pa.ListArray.from_arrays(pa.array(np.append(0, ends), pa.int32()), pa.array(values))

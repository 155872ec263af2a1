"""Of a log, the choices that visitors made among what one bundle had put before them."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa

from winnow.ops.logged_context import list_rows
from winnow.schema.column import Array
from winnow.schema.schema import EventType
from winnow.serving.event_log.served_part import CANDIDATE, REQUEST
from winnow.training.choices import NOBODY_LOOKS, Choices


def served_choices(lists: pa.Table, logged: pa.Table, clicks: Collection[str], looks: Array) -> Choices:
    """One for each click on a list of which it is known what else was shown.

    Lists that lacked something when they were made are left out: what was missing was not read.

    Args:
        lists: of one bundle, with what its ranker read, as `logged_lists` has them.
        logged: events, as `logged_events` has them.
        clicks: event types that are one.
        looks: float [places + 1], chance of a look by place, from 1; places behind them count as the last.
    """
    starts = _starts(lists["item_ids"])
    shown, clicked = (_places(lists, logged, types) for types in ([str(EventType.IMPRESSION)], clicks))
    chosen: list[tuple[int, Array]] = []
    for which in sorted(clicked.keys() & shown.keys()):
        if not lists["degraded"][which].as_py():
            others = np.array(sorted(shown[which] - clicked[which]), np.int64)
            chosen += [(which, np.append(place, others)) for place in sorted(clicked[which]) if len(others)]
    rows = np.array([which for which, _ in chosen], np.int64)
    width = max((len(each) for _, each in chosen), default=1)
    places = np.full((len(chosen), width), -1)
    for row, (_, each) in enumerate(chosen):
        places[row, : len(each)] = each
    at = np.where(places < 0, 0, places + starts[rows][:, None])
    log_looks = np.log(looks.astype(np.float64))[np.minimum(places + 1, len(looks) - 1)]
    labels = np.zeros(places.shape, np.float32)
    labels[:, :1] = 1
    return Choices(
        inputs={**_inputs(lists, REQUEST, rows), **_inputs(lists, CANDIDATE, at)},
        looks=np.where(places < 0, NOBODY_LOOKS, log_looks).astype(np.float32),
        labels=labels,
        at=lists["at"].to_numpy()[rows],
    )


def _places(lists: pa.Table, logged: pa.Table, types: Collection[str]) -> dict[int, set[int]]:
    """By list, the places of items with such an event of the visitor to whom it was served."""
    found: dict[int, set[int]] = {}
    of_list = list_rows(logged, lists).to_pylist()
    columns = zip(of_list, logged["item_id"].to_pylist(), logged["type"].to_pylist(), strict=True)
    for which, item, kind in columns:
        if which is not None and kind in types and item in (items := lists["item_ids"][which].as_py()):
            found.setdefault(which, set()).add(items.index(item))
    return found


def _inputs(lists: pa.Table, prefix: str, rows: Array) -> dict[str, Array]:
    """Columns of the ranker's inputs, each [*rows.shape, ...], by their names."""
    units = lists.num_rows if prefix == REQUEST else int(_starts(lists["item_ids"])[-1])
    names = [each for each in lists.column_names if each.startswith(prefix)]
    flat = {name: lists[name].combine_chunks().flatten().to_numpy() for name in names}
    return {name.removeprefix(prefix): each.reshape(units, -1)[rows] for name, each in flat.items()}


def _starts(items: pa.ChunkedArray) -> Array:
    """int64 [L + 1], where the items of each list begin among those of all."""
    return np.append(0, np.cumsum([len(each) for each in items.to_pylist()])).astype(np.int64)

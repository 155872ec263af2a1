"""What a service showed, and what came of it, becomes part of a data set, and so of the next training."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import among
from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, PROPENSITY, TYPE, USER, Dataset
from winnow.data.event_times import DAY_S, OLDEST
from winnow.data.positive_outcomes import AS_SHOWN, FUNNEL
from winnow.data.report import Finding
from winnow.ops.logged_context import list_rows, logged_context
from winnow.ops.logged_example import logged_example
from winnow.schema.column import Array
from winnow.schema.schema import EventType, Impressions

STRENGTH = {name: rank for rank, name in enumerate((*AS_SHOWN, *map(str, FUNNEL)))}
"""Of the outcomes of one showing the strongest counts."""
KEYS = (USER, ITEM, AT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """Where reported impressions stand in the log and in lists.

    Attributes:
        events: int64 [N], rows of the logged events.
        lists: int64 [N], rows of the served lists.
        places: int64 [N], places in the lists, from 0.
    """

    events: Array
    lists: Array
    places: Array


def apply_impressions(
    dataset: Dataset, logged: pa.Table, lists: pa.Table, now: float, coming: Collection[str] = ()
) -> tuple[Dataset, pa.Table]:
    """The data set with what visitors were shown, and the logged events that are left.

    An impression counts where the client has reported it of a list that was served to that visitor and holds the item:
    when and in what context the list was asked for, where the item stood and how likely it was to stand there are as
    they were served; what came of it is the strongest event of the same visitor, item and list. Passed over is what the
    data set has of the same user, item and time; what does not count is left among the events.

    Args:
        dataset: as it was opened.
        logged: as `logged_events` reads it.
        lists: as `logged_lists` reads it.
        now: UTC seconds; nothing was shown more than a day later.
        coming: ids of items that are added to the data set later.
    """
    shown = _shown(logged, lists)
    at = lists["at"].to_numpy()[shown.lists]
    known = among(logged["item_id"].take(pa.array(shown.events)), [*dataset.items[ITEM].to_pylist(), *coming])
    known &= (at >= OLDEST) & (at <= now + DAY_S)
    shown = _Shown(events=shown.events[known], lists=shown.lists[known], places=shown.places[known])
    if not len(shown.events):
        return dataset, logged
    schema = _schema(dataset)
    before = _before(dataset, schema)
    new = _new_rows(before, _rows(dataset, logged, lists, shown, schema))
    left = np.ones(logged.num_rows, bool)
    left[shown.events] = False
    table = pa.concat_tables([before, new])
    impressions = table.take(pa.array(np.argsort(table[AT].to_numpy(), kind="stable")))
    return replace(_with_findings(dataset, new), impressions=impressions), logged.filter(pa.array(left))


def _shown(logged: pa.Table, lists: pa.Table) -> _Shown:
    """Each item of a list once."""
    rows = np.flatnonzero(among(logged["type"], [EventType.IMPRESSION]))
    reported = logged.take(pa.array(rows))
    of_list: list[int | None] = list_rows(reported, lists).to_pylist()
    places: dict[tuple[int, str], tuple[int, int]] = {}
    items: dict[int, list[str]] = {}
    for row, which, item in zip(rows.tolist(), of_list, reported["item_id"].to_pylist(), strict=True):
        if which is None or (which, item) in places:
            continue
        own = items.setdefault(which, lists["item_ids"][which].as_py())
        if item in own:
            places[which, item] = row, own.index(item)
    events, found = zip(*places.values(), strict=True) if places else ((), ())
    return _Shown(
        events=np.array(events, np.int64),
        lists=np.array([which for which, _ in places], np.int64),
        places=np.array(found, np.int64),
    )


def _rows(dataset: Dataset, logged: pa.Table, lists: pa.Table, shown: _Shown, schema: pa.Schema) -> pa.Table:
    """What was shown, in the form of `Dataset.impressions`."""
    which = pa.array(shown.lists)
    starts = lists["propensities"].combine_chunks()
    propensities = np.asarray(starts.flatten(), np.float64)[_starts(starts)[shown.lists] + shown.places]
    told = {
        USER: lists["user_id"].take(which),
        ITEM: logged["item_id"].take(pa.array(shown.events)),
        OUTCOME: pa.array(_outcomes(logged, lists, shown), pa.string()),
        AT: lists["at"].take(which),
        POSITION: pa.array(shown.places + 1.0),
        PROPENSITY: pa.array(propensities),
    }
    context = logged_context(lists, pa.schema([each for each in schema if each.name not in told])).take(which)
    return pa.table([*told.values(), *context.columns], schema)


def _outcomes(logged: pa.Table, lists: pa.Table, shown: _Shown) -> list[str | None]:
    others = logged.filter(pa.array(among(logged["type"], list(STRENGTH))))
    told = zip(
        *(each.to_pylist() for each in (list_rows(others, lists), others["item_id"], others["type"])), strict=True
    )
    strongest = {(which, item): name for which, item, name in sorted(told, key=lambda each: STRENGTH[each[2]])}
    items: list[str] = logged["item_id"].take(pa.array(shown.events)).to_pylist()
    return [strongest.get(key) for key in zip(shown.lists.tolist(), items, strict=True)]


def _new_rows(before: pa.Table, rows: pa.Table) -> pa.Table:
    """Those that are not there."""
    known = set(zip(*(before[name].to_pylist() for name in KEYS), strict=True))
    new = [key not in known for key in zip(*(rows[name].to_pylist() for name in KEYS), strict=True)]
    return rows.filter(pa.array(new, pa.bool_()))


def _schema(dataset: Dataset) -> pa.Schema:
    """Of a table that knows place and propensity, whatever the data set's own knows."""
    words, numbers = (USER, ITEM, OUTCOME), (AT, POSITION, PROPENSITY)
    keys = [*((name, pa.string()) for name in words), *((name, pa.float64()) for name in numbers)]
    context = [each for each in dataset.events.schema if each.name not in (USER, ITEM, TYPE, AT)]
    return pa.schema([*keys, *context])


def _before(dataset: Dataset, schema: pa.Schema) -> pa.Table:
    own = dataset.impressions
    if own is None:
        return schema.empty_table()
    columns = [
        own[field.name] if field.name in own.column_names else pa.nulls(own.num_rows, field.type) for field in schema
    ]
    return pa.table(columns, schema=schema)


def _with_findings(dataset: Dataset, new: pa.Table) -> Dataset:
    told, report = Impressions(outcome=OUTCOME, position=POSITION, propensity=PROPENSITY), dataset.report
    if new.num_rows:
        example = logged_example(new.select(KEYS))
        finding = Finding(
            table="impressions", problem="came to the service", count=new.num_rows, example=example, action="added"
        )
        report = replace(report, findings=(*report.findings, finding))
    return replace(dataset, schema=replace(dataset.schema, impressions=told), report=report)


def _starts(lists: pa.ListArray) -> Array:
    return np.asarray(lists.offsets, np.int64)[:-1] - int(lists.offsets[0].as_py())

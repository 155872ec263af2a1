"""Checks the time column of events: readable, in the declared unit, and in a plausible range."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import SECONDS_IN, instants
from winnow.schema.column import Array, Bools

OLDEST = datetime(1995, 1, 1, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTimes:
    """Times of N events.

    Attributes:
        at: float64 [N] UTC seconds, NaN where missing or unreadable.
        missing: bool [N], no value at all.
        outside: bool [N], instants before 1995 or more than a day after `now`.
    """

    at: Array
    missing: Bools
    outside: Bools


def event_times(raw: RawColumns, now: float, ledger: Ledger) -> EventTimes:
    """Read the time column of events; a wrong unit is recorded once, with the unit to write, instead of row by row."""
    table, column, unit = raw.table, raw.schema.events.time, raw.schema.events.time_unit
    typed = instants(table[column], unit)
    at = pc.fill_null(typed.values, np.nan).to_numpy()
    outside = (at < OLDEST) | (at > now + DAY_S)
    mostly_bad = 2 * (typed.wrong | outside).sum() > len(at)
    fitting = _unit_that_fits(table[column], now) if mostly_bad else None
    if fitting and fitting != unit:
        ledger.fail(
            f"In events, the times of '{column}' are in the unit '{fitting}' by their looks (first value: "
            f"{table[column][0].as_py()}), and the schema says time_unit: {unit}. Write time_unit: {fitting}"
            f"{raw.places.after('events.time_unit')}."
        )
        return EventTimes(at=at, missing=np.zeros(len(at), bool), outside=np.zeros(len(at), bool))
    problem = f"values of '{column}' cannot be read as a time"
    ledger.refuse(raw.name, table, typed.wrong, problem, _remedy(unit) + time_column(raw))
    return EventTimes(at=at, missing=np.isnan(at) & ~typed.wrong, outside=outside)


def time_column(raw: RawColumns) -> str:
    """The sentence that says who chose the time column, and where."""
    return f" Is '{raw.schema.events.time}' the right column for events.time{raw.places.after('events.time')}?"


def _unit_that_fits(raw: pa.ChunkedArray, now: float) -> str | None:
    """The unit in which the median of the column is a plausible instant."""
    units = ("timestamp",) if _is_date_time(raw.type) else (*SECONDS_IN, "timestamp")
    for unit in units:
        seconds = instants(raw, unit).values.drop_null().to_numpy()
        if 2 * len(seconds) > len(raw) and OLDEST <= np.median(seconds) <= now + DAY_S:
            return unit
    return None


def _is_date_time(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) or pa.types.is_date(kind)


def _remedy(unit: str) -> str:
    wanted = "date-times or ISO text such as 2026-01-31T12:00:00Z" if unit == "timestamp" else f"numbers in '{unit}'"
    return f"The schema says time_unit: {unit}, so {wanted} are wanted."

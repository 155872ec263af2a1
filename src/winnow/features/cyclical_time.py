"""Instants to a point on a circle, so that 23 h is next to 0 h and Sunday next to Monday.

The centre of the circle, where no instant is, stands for a missing one.
"""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.schema.column import Array, Column

_DAY_S = 86_400
_RADIANS_PER_S = 2 * np.pi / _DAY_S
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
_NO_WEEKDAY = 7
_WEEK = np.arange(7) * (2 * np.pi / 7)
_WEEK_SIN = np.append(np.sin(_WEEK), 0).astype(np.float32)
_WEEK_COS = np.append(np.cos(_WEEK), 0).astype(np.float32)


def _outputs(name: str) -> tuple[Output, ...]:
    return (Output(f"{name}_sin", "value", 1), Output(f"{name}_cos", "value", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfDay:
    """`CyclicalHour`: from UTC seconds; there is nothing to fit."""

    def outputs(self, name: str) -> tuple[Output, ...]:
        return _outputs(name)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        seconds, present = numbers_of(column)
        angle = seconds % _DAY_S * _RADIANS_PER_S
        # Where no instant is, the sine of 0 is 0 already.
        return np.sin(angle).astype(np.float32), (np.cos(angle) * present).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfWeek:
    """`CyclicalWeekday`: from UTC seconds; there is nothing to fit."""

    def outputs(self, name: str) -> tuple[Output, ...]:
        return _outputs(name)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        seconds, present = numbers_of(column)
        weekday = ((seconds // _DAY_S + _EPOCH_WEEKDAY) % 7).astype(np.intp)
        place = np.where(present, weekday, _NO_WEEKDAY)
        return _WEEK_SIN.take(place), _WEEK_COS.take(place)

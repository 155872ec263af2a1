"""Instants to a point on a circle, so that 23 h is next to 0 h and Sunday next to Monday."""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.schema.column import Array, Bools, Column

_DAY_S = 86_400
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


def _outputs(name: str) -> tuple[Output, ...]:
    return (Output(f"{name}_sin", "value", 1), Output(f"{name}_cos", "value", 1))


def _circle(turns: Array, present: Bools) -> tuple[Array, ...]:
    """Sine and cosine; the centre of the circle, where no instant is, stands for a missing one."""
    angle = turns * (2 * np.pi)
    return (np.sin(angle) * present).astype(np.float32), (np.cos(angle) * present).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfDay:
    """`CyclicalHour`: from UTC seconds; there is nothing to fit."""

    def outputs(self, name: str) -> tuple[Output, ...]:
        return _outputs(name)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        seconds, present = numbers_of(column)
        return _circle(seconds % _DAY_S / _DAY_S, present)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfWeek:
    """`CyclicalWeekday`: from UTC seconds; there is nothing to fit."""

    def outputs(self, name: str) -> tuple[Output, ...]:
        return _outputs(name)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        seconds, present = numbers_of(column)
        return _circle((seconds // _DAY_S + _EPOCH_WEEKDAY) % 7 / 7, present)

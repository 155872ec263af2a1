"""One cut in time: before it is for learning, after it for evaluation. Nobody trains on the future of anybody."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, TYPE, Dataset
from winnow.schema.column import Bools
from winnow.schema.errors import DataError

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSplit:
    """Where time is cut, UTC seconds.

    Attributes:
        train_until: events strictly before it are for training.
        test_until: events from `train_until` to this instant, both included, are for evaluation.
    """

    train_until: float
    test_until: float

    def to_dict(self) -> dict[str, float]:
        """Plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TimeSplit":
        """The inverse of `to_dict`."""
        return cls(train_until=float(values["train_until"]), test_until=float(values["test_until"]))


def split_by_time(dataset: Dataset, holdout_days: float) -> TimeSplit:
    """Hold out the last `holdout_days` (> 0, days of 24 hours) before the newest event.

    Raises:
        DataError: `holdout_days` is not above 0, or one side of the cut has no positive event.
    """
    if not holdout_days > 0:
        raise DataError(f"{holdout_days} days are to be held out; more than 0 are wanted.")
    oldest, newest = (float(dataset.events[AT][row].as_py()) for row in (0, -1))
    split = TimeSplit(train_until=newest - holdout_days * DAY_S, test_until=newest)
    for side, events in (("before", train_events(dataset, split)), ("after", test_events(dataset, split))):
        if not _positives(dataset, events).any():
            raise DataError(
                f"The events reach from {_day(oldest)} to {_day(newest)}; with the last {holdout_days:g} days held out "
                f"there is no positive event ({', '.join(dataset.schema.events.positives)}) {side} the cut. "
                "Hold out another number of days."
            )
    return split


def train_events(dataset: Dataset, split: TimeSplit) -> pa.Table:
    """Events before the cut, in order."""
    return dataset.events.filter(pc.less(dataset.events[AT], split.train_until))


def test_events(dataset: Dataset, split: TimeSplit) -> pa.Table:
    """Events from the cut to the end of the test time, in order."""
    at = dataset.events[AT]
    return dataset.events.filter(pc.and_(pc.greater_equal(at, split.train_until), pc.less_equal(at, split.test_until)))


def _positives(dataset: Dataset, events: pa.Table) -> Bools:
    words = pa.array([str(each) for each in dataset.schema.events.positives], pa.string())
    return np.asarray(pc.is_in(events[TYPE], words), bool)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()

"""What is for learning and what is for evaluation: one cut in time, or the last events of every user left out.

A cut in time is the honest one: nobody trains on the future of anybody.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from winnow.data.dataset import AT, Dataset
from winnow.data.leave_out import LEAVE_OUT, LeaveLastOut
from winnow.data.positive_events import positive_events
from winnow.schema.column import Array, Bools
from winnow.schema.errors import DataError

DAY_S = 86_400.0
TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSplit:
    """Where time is cut, UTC seconds.

    Attributes:
        train_until: events strictly before it are for training.
        test_until: events from `train_until` to this instant, both included, are for evaluation.
    """

    train_until: float
    test_until: float

    @property
    def kind(self) -> Literal["time"]:
        """How manifests and reports name it."""
        return TIME

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"kind": TIME, **asdict(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TimeSplit":
        """The inverse of `to_dict`."""
        return cls(train_until=float(values["train_until"]), test_until=float(values["test_until"]))

    def training(self, dataset: Dataset) -> Bools:
        """bool [E], which events training may read."""
        return _at(dataset) < self.train_until

    def validation(self, dataset: Dataset) -> Bools:
        """bool [E], none: what users did since the cut is for evaluation alone."""
        return np.zeros(dataset.events.num_rows, np.bool_)

    def test(self, dataset: Dataset) -> Bools:
        """bool [E], events from the cut to the end of the test time."""
        at = _at(dataset)
        return (at >= self.train_until) & (at <= self.test_until)

    def earlier(self, dataset: Dataset, share: float) -> "TimeSplit":
        """The split that keeps the latest `share` of the training positives, 0 to 1, from training as well.

        For what must learn beside a model that has not seen them.
        """
        at = _at(dataset)[self.training(dataset) & positive_events(dataset)]
        return TimeSplit(train_until=float(np.quantile(at, 1 - share, method="higher")), test_until=self.train_until)


Split = TimeSplit | LeaveLastOut
"""Each says of every event whether it is for training, for validation (known when asked) or for the test."""
SplitKind = Literal["time", "leave-one-out"]
"""`time`: what users do after a cut in time. `leave-one-out`: the last event of every user."""


def split_from_dict(values: Mapping[str, Any]) -> Split:
    """The split that a bundle's manifest holds; one without a kind is a cut in time.

    Raises:
        DataError: the kind is of a later program.
    """
    kind = values.get("kind", TIME)
    if kind not in (TIME, LEAVE_OUT):
        raise DataError(f"The split of the bundle is of the kind '{kind}', which this program does not know; upgrade.")
    return TimeSplit.from_dict(values) if kind == TIME else LeaveLastOut(events=int(values["events"]))


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
        if not positive_events(dataset, events).any():
            raise DataError(
                f"The events reach from {_day(oldest)} to {_day(newest)}; with the last {holdout_days:g} days held out "
                f"there is no positive event ({', '.join(dataset.schema.events.positives)}) {side} the cut. "
                "Hold out another number of days; or where events have no times of their own, as in a file of "
                "sequences, leave everybody's last events out: --recipe sequential."
            )
    return split


def train_events(dataset: Dataset, split: Split) -> pa.Table:
    """Events that training may read, in order."""
    return dataset.events.filter(pa.array(split.training(dataset)))


def validation_events(dataset: Dataset, split: Split) -> pa.Table:
    """Events after training that are known when a user is asked, in order."""
    return dataset.events.filter(pa.array(split.validation(dataset)))


def test_events(dataset: Dataset, split: Split) -> pa.Table:
    """Events that evaluation asks for, in order."""
    return dataset.events.filter(pa.array(split.test(dataset)))


def _at(dataset: Dataset) -> Array:
    return dataset.events[AT].to_numpy()


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()

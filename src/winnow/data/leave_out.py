"""The last events of every user, kept from training: how the academic field evaluates sequences.

Users are cut one by one, at their own instants. So training knows what other people did later, as no shop could, and
what it reports is not comparable with a cut in time.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from winnow.data.arrow_compute import pc
from winnow.data.dataset import USER, Dataset
from winnow.data.positive_events import positive_events
from winnow.schema.column import Array, Bools
from winnow.schema.errors import DataError

LEAVE_OUT = "leave-one-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLastOut:
    """The last n positive events of each user who has at least n + 1; other users are in training whole.

    The last is what evaluation asks for. What lies between training and it, the validation events, is known when it is
    asked for. An event of another type goes where the positive before it goes, and none after the last is read.

    Attributes:
        events: n, at least 1.
    """

    events: int

    @property
    def kind(self) -> Literal["leave-one-out"]:
        """How manifests and reports name it."""
        return LEAVE_OUT

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"kind": LEAVE_OUT, "events": self.events}

    def training(self, dataset: Dataset) -> Bools:
        """bool [E], which events training may read."""
        users, first, _ = self._cuts(dataset)
        return np.arange(len(users)) < first[users]

    def validation(self, dataset: Dataset) -> Bools:
        """bool [E], which events lie between training and what is asked for."""
        users, first, last = self._cuts(dataset)
        rows = np.arange(len(users))
        return (rows >= first[users]) & (rows < last[users])

    def test(self, dataset: Dataset) -> Bools:
        """bool [E], one event of each user who is asked: the last positive one."""
        users, _, last = self._cuts(dataset)
        return np.arange(len(users)) == last[users]

    def earlier(self, dataset: Dataset, share: float) -> "LeaveLastOut":
        """The split that keeps one event more from training, for what must learn beside a model that has not seen it.

        How many those are follows from the users, whatever the share.
        """
        return LeaveLastOut(events=self.events + 1)

    def _cuts(self, dataset: Dataset) -> tuple[Array, Array, Array]:
        """int64 [E] user of each event; int64 [U] row of its first positive that is left out, and of its last.

        Rows are E where a user is not cut.
        """
        users = np.asarray(pc.dictionary_encode(dataset.events[USER].combine_chunks()).indices, np.int64)
        positives = np.flatnonzero(positive_events(dataset))
        counts = np.bincount(users[positives], minlength=int(users.max(initial=-1)) + 1)
        by_user, ends = positives[np.argsort(users[positives], kind="stable")], np.cumsum(counts)
        cut = counts > self.events
        first, last = (np.full(len(counts), len(users)) for _ in range(2))
        first[cut], last[cut] = by_user[ends[cut] - self.events], by_user[ends[cut] - 1]
        return users, first, last


def leave_last_out(dataset: Dataset, events: int) -> LeaveLastOut:
    """Leave the last `events` (at least 1) positive events of every user out.

    Raises:
        DataError: `events` is below 1, or nobody has more positive events than that.
    """
    if events < 1:
        raise DataError(f"{events} events of every user are to be left out; at least 1 is wanted.")
    split = LeaveLastOut(events=events)
    if not split.test(dataset).any():
        raise DataError(
            f"Nobody has {events + 1} positive events ({', '.join(dataset.schema.events.positives)}), so the last "
            f"{events} cannot be left out of anybody's. Leave out fewer, or bring longer histories."
        )
    return split

"""Both sides of a split, as the checks read them."""

from dataclasses import dataclass

import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.split import Split, TimeSplit, test_events, train_events
from winnow.evaluation.leaks.coded_events import CodedEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitEvents:
    """What is learnt from and what is held out.

    Attributes:
        dataset: users, items and the schema.
        both: events of training, then held-out events; users have one code on both sides.
        num_train: how many of them are for training.
        cut: instant of the cut, UTC seconds; None where a split cuts every user somewhere else.
    """

    dataset: Dataset
    both: CodedEvents
    num_train: int
    cut: float | None

    @classmethod
    def of(cls, dataset: Dataset, split: Split) -> "SplitEvents":
        """The sides that training and evaluation themselves take."""
        cut = split.train_until if isinstance(split, TimeSplit) else None
        return cls.between(dataset, train_events(dataset, split), test_events(dataset, split), cut)

    @classmethod
    def between(cls, dataset: Dataset, train: pa.Table, test: pa.Table, cut: float | None) -> "SplitEvents":
        """Any two sides, each in the form of `Dataset.events`."""
        both = CodedEvents.of(dataset, pa.concat_tables([train, test]))
        return cls(dataset=dataset, both=both, num_train=train.num_rows, cut=cut)

    @property
    def train(self) -> CodedEvents:
        """The events of training."""
        return self.both.slice(0, self.num_train)

    @property
    def test(self) -> CodedEvents:
        """The held-out events."""
        return self.both.slice(self.num_train, len(self.both))

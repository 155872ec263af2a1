"""The leak doctor's round: every check on data and split, and on the bundle where there is one."""

from collections.abc import Iterator

from winnow.data.dataset import Dataset
from winnow.data.split import Split
from winnow.evaluation.leaks.bundle_overlap import bundle_overlap
from winnow.evaluation.leaks.duplicate_events import duplicate_events
from winnow.evaluation.leaks.duplicate_items import duplicate_items
from winnow.evaluation.leaks.finding import Finding
from winnow.evaluation.leaks.foreseeing_numbers import foreseeing_numbers
from winnow.evaluation.leaks.foretold_items import foretold_items
from winnow.evaluation.leaks.future_items import future_items
from winnow.evaluation.leaks.future_popularity import future_popularity
from winnow.evaluation.leaks.later_dates import later_dates
from winnow.evaluation.leaks.leak_report import LeakReport
from winnow.evaluation.leaks.named_items import named_items
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.evaluation.leaks.time_overlap import time_overlap
from winnow.evaluation.leaks.timestamp_ties import timestamp_ties
from winnow.evaluation.leaks.told_apart import told_apart
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.evaluation.leaks.twin_users import twin_users


def find_leaks(dataset: Dataset, split: Split, trained: TrainedOn | None = None) -> LeakReport:
    """All checks; nothing is trained or asked, so that a million events take seconds.

    Args:
        dataset: the data.
        split: what is learnt from and what is held out.
        trained: what a bundle was trained on; without it only data and split are looked at.
    """
    events = SplitEvents.of(dataset, split)
    of_bundle = () if trained is None else _of_bundle(events, trained)
    return LeakReport(findings=(*_of_data(events), *of_bundle))


def _of_data(events: SplitEvents) -> Iterator[Finding]:
    yield from time_overlap(events)
    yield from later_dates(events)
    yield duplicate_events(events)
    yield twin_users(events)
    yield duplicate_items(events.dataset)
    yield from timestamp_ties(events)
    yield told_apart(events)
    yield named_items(events)
    yield foretold_items(events)
    yield foreseeing_numbers(events)


def _of_bundle(events: SplitEvents, trained: TrainedOn) -> Iterator[Finding]:
    yield from bundle_overlap(events, trained)
    yield future_popularity(events, trained)
    yield future_items(events, trained)

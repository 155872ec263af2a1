"""What a service shows to those who have clicked in this visit, beside what they go on to click in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from winnow.data.dataset import Dataset
from winnow.data.split import Split, test_events
from winnow.evaluation.held_out import HeldOut, positive
from winnow.evaluation.interactions import read_interactions, visitors
from winnow.features.likeness import VISIT_S
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Ragged, offsets_of
from winnow.stores.event import Event

SOON_S = 1.0
"""After the last click that is told."""
Visit = Mapping[int, float]
"""Catalogue rows of what was clicked, earliest first, and when."""


def first_visits(dataset: Dataset, split: Split, held: HeldOut, catalogue: Catalogue) -> Sequence[Visit]:
    """The first visit in the test time of each held-out user."""
    test = positive(dataset, test_events(dataset, split))
    done = read_interactions(test, visitors(dataset), catalogue.item_ids)
    visits: list[dict[int, float]] = [{} for _ in held.users]
    latest = held.at.copy()
    order = np.argsort(done.at, kind="stable")
    for user, item, at in zip(
        np.searchsorted(held.users, done.users)[order], done.items[order], done.at[order], strict=True
    ):
        if at - latest[user] <= VISIT_S:
            visits[user].setdefault(int(item), float(at))
            latest[user] = at
    return visits


def after_clicks(
    held: HeldOut, visits: Sequence[Visit], clicks: int, catalogue: Catalogue
) -> tuple[HeldOut, list[Event]]:
    """Who asks soon after so many clicks of a visit that goes on, and these clicks.

    What is clicked later in the visit is right, but for what the user had before.
    """
    goes_on = [row for row, each in enumerate(visits) if len(each) > clicks]
    some, rows = [list(visits[row].items()) for row in goes_on], np.array(goes_on, np.int64)
    relevant = Ragged(
        np.array([item for each in some for item, _ in each[clicks:]], np.int64),
        offsets_of(np.array([len(each) - clicks for each in some], np.int64)),
    )
    at = np.array([each[clicks - 1][1] + SOON_S for each in some]) if clicks else held.at[rows]
    asked = replace(held.take(rows), relevant=relevant, at=at).masked()
    told = [
        Event(event_id=f"told {user} {item}", user_id=user, item_id=catalogue.item_ids[item], type="click", at=when)
        for user, each in zip((held.user_ids[row] for row in goes_on), some, strict=True)
        for item, when in each[:clicks]
    ]
    return asked, told

"""What is known of a user at the instant of the question."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.leave_out import LeaveLastOut
from winnow.data.split import TimeSplit
from winnow.evaluation.history import history
from winnow.evaluation.interactions import Interactions
from winnow.pipeline.catalogue import Catalogue

NOBODY_ELSE = ("view",)


def items_of(had: Interactions, user: int) -> list[int]:
    return had.items[had.users == user].tolist()


def test_before_a_cut_in_time_it_is_what_training_has(dataset: Dataset, split: TimeSplit, catalogue: Catalogue) -> None:
    had = history(dataset, split, tuple(catalogue.item_ids), NOBODY_ELSE)
    assert [items_of(had, user) for user in range(4)] == [[2, 2, 5], [2, 3], [], [5]]


def test_of_left_out_events_it_has_all_but_the_last(dataset: Dataset, catalogue: Catalogue) -> None:
    # ann has seven views, bob three, cy and dot two.
    had = history(dataset, LeaveLastOut(events=2), tuple(catalogue.item_ids), NOBODY_ELSE)
    assert [items_of(had, user) for user in range(4)] == [[2, 2, 5, 2, 12, 12], [2, 3], [10, 25], [5, 1]]
    carts = history(dataset, LeaveLastOut(events=2), tuple(catalogue.item_ids), ("view", "cart"))
    assert items_of(carts, 0) == [2, 2, 5, 30, 2, 12, 12]


def test_what_happened_at_the_very_instant_of_the_question_is_not_known(dataset: Dataset, catalogue: Catalogue) -> None:
    at = dataset.events["at"].to_numpy().copy()
    bob = np.flatnonzero(np.array(dataset.events["user_id"].to_pylist()) == "bob")
    at[bob[1]] = at[bob[2]]
    tied = dataset.events.set_column(dataset.events.column_names.index("at"), "at", pa.array(at))
    order = pa.array(np.argsort(at, kind="stable"))
    had = history(
        replace(dataset, events=tied.take(order)), LeaveLastOut(events=2), tuple(catalogue.item_ids), NOBODY_ELSE
    )
    assert items_of(had, 1) == [2]

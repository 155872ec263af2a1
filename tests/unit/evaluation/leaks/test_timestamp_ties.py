"""What nobody knows the order of."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.evaluation.leaks.planting import cut_in_time, leave_one_out, random_shop
from winnow.data.dataset import AT, TYPE, USER, Dataset
from winnow.evaluation.leaks.timestamp_ties import DAY_S, tied_with_another, timestamp_ties, undecided


@pytest.mark.parametrize("seed", range(4))
def test_ties_among_the_held_out_are_those_of_a_slow_loop(seed: int) -> None:
    test = cut_in_time(random_shop(seed)).test
    rows = list(zip(test.users.tolist(), test.at.tolist(), strict=True))
    assert tied_with_another(test.moments).tolist() == [rows.count(row) > 1 for row in rows]


@pytest.mark.parametrize("seed", range(4))
def test_answers_that_would_change_are_those_of_a_slow_loop(seed: int) -> None:
    events = leave_one_out(random_shop(seed, instants=10))
    train, test = events.train, events.test
    expected = [
        any((train.users[row], train.at[row]) == (user, at) and train.items[row] != item for row in range(len(train)))
        for user, at, item in zip(test.users, test.at, test.items, strict=True)
    ]
    assert undecided(events).tolist() == expected
    assert any(expected)


def test_a_cut_in_time_leaves_no_answer_undecided_however_many_ties_there_are() -> None:
    ties, order, _ = timestamp_ties(cut_in_time(random_shop(0, instants=4)))
    assert ties.severity == "warning"
    assert len(ties.evidence) == 5
    assert order.severity == "none"
    assert order.sentence.startswith("0 of ")


def test_leave_one_out_with_many_ties_is_a_leak_and_with_a_few_a_warning() -> None:
    shop = random_shop(0, users=20, items=50)
    clicks = replace(shop, events=shop.events.set_column(2, TYPE, pa.array(["click"] * 400)))
    apart = np.arange(400.0)
    users = np.array(clicks.events[USER].to_pylist())
    verdicts = []
    for tied in (0, 1, 3):
        at = apart.copy()
        for user in [f"u{each}" for each in range(tied)]:
            *_, before, last = np.flatnonzero(users == user)
            at[last] = at[before]
        _, order, _ = timestamp_ties(leave_one_out(timed(clicks, at)))
        assert order.sentence.startswith(f"{tied} of 20 held-out positive events would change")
        assert len(order.evidence) == tied
        verdicts.append(order.severity)
    assert verdicts == ["none", "warning", "leak"]


def timed(shop: Dataset, at: np.ndarray) -> Dataset:
    return replace(shop, events=shop.events.set_column(3, AT, pa.array(at)))


def test_a_clock_of_days_is_a_warning_and_one_of_seconds_is_not() -> None:
    shop = random_shop(0)
    days = np.arange(400) // 40
    midnight = timed(shop, days * DAY_S)
    summer = timed(shop, days * DAY_S + np.where(days > 5, 79_200, 82_800))
    for each in (midnight, summer):
        _, _, clock = timestamp_ties(cut_in_time(each))
        assert clock.severity == "warning"
        assert "400 events on 10 days" in clock.sentence
        assert sum(row["events"] for row in clock.evidence) == 400
    _, _, clock = timestamp_ties(cut_in_time(timed(shop, days * DAY_S + np.arange(400))))
    assert clock.severity == "none"
    _, _, clock = timestamp_ties(cut_in_time(timed(shop, (days // 5) * DAY_S)))
    assert clock.severity == "none", "two days tell nothing"

"""Events on the wrong side of time."""

import numpy as np

from tests.unit.evaluation.leaks.planting import CUT, cut_in_time, leave_one_out, random_shop, sides
from winnow.data.dataset import AT, USER
from winnow.evaluation.leaks.time_overlap import time_overlap


def test_a_clean_cut_passes_and_says_what_was_counted() -> None:
    shop = random_shop(0)
    (found,) = time_overlap(cut_in_time(shop))
    early = sum(at < CUT for at in shop.events[AT].to_pylist())
    assert found.severity == "none"
    assert found.sentence.startswith(f"0 of {early} training events lie at or after the cut, 1970-01-01T00:16:40+00:00")
    assert f"0 of {400 - early} held-out events before it" in found.sentence


def test_every_held_out_event_that_moves_into_training_is_found() -> None:
    shop = random_shop(1)
    at = shop.events[AT].to_numpy()
    before, after = np.flatnonzero(at < CUT), np.flatnonzero(at >= CUT)
    for moved in after[::17].tolist():
        (found,) = time_overlap(sides(shop, [*before, moved], np.setdiff1d(after, moved), CUT))
        assert found.severity == "leak"
        assert found.sentence.startswith("1 of ")
        assert found.evidence[0][USER] == shop.events[USER][moved].as_py()


def test_an_event_of_training_among_the_held_out_is_found() -> None:
    shop = random_shop(2)
    at = shop.events[AT].to_numpy()
    before, after = np.flatnonzero(at < CUT), np.flatnonzero(at >= CUT)
    (found,) = time_overlap(sides(shop, before[1:], [before[0], *after], CUT))
    assert found.severity == "leak"
    assert "and 1 of" in found.sentence


def test_leave_one_out_is_labelled_and_warned_of_but_no_leak() -> None:
    shop = random_shop(3)
    events = leave_one_out(shop)
    own, others = time_overlap(events)
    late = sum(at > events.test.at.min() for at in events.train.at)
    assert own.severity == "none"
    assert others.severity == "warning"
    assert "labelled: leave-one-out looks into other users' future" in others.sentence
    assert f"{late} of 388 training events" in others.sentence
    assert len(others.evidence) == 5


def test_a_users_own_future_in_training_is_a_leak_under_any_split() -> None:
    shop = random_shop(4)
    users = np.array(shop.events[USER].to_pylist())
    first = int(np.flatnonzero(users == "u3")[0])
    events = sides(shop, np.setdiff1d(np.arange(400), first), [first], None)
    own, _ = time_overlap(events)
    at = shop.events[AT].to_numpy()
    later = int(((users == "u3") & (at > at[first])).sum())
    assert own.severity == "leak"
    assert own.sentence.startswith(f"{later} of 399 training events")
    assert {row[USER] for row in own.evidence} == {"u3"}

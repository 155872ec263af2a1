"""A bundle's event log against what it is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.evaluation.leaks.planting import CUT, cut_in_time, leave_one_out, log_of, random_shop, trained_on
from winnow.data.dataset import AT, USER
from winnow.evaluation.leaks.bundle_overlap import bundle_overlap, in_log
from winnow.evaluation.leaks.coded_events import CodedEvents, instant
from winnow.evaluation.leaks.split_events import SplitEvents


def with_rows(events: SplitEvents, rows: list[int]) -> CodedEvents:
    """The training side with some held-out events besides."""
    kept = [*range(events.num_train), *(events.num_train + row for row in rows)]
    return CodedEvents.of(events.dataset, events.both.table.take(kept))


@pytest.mark.parametrize("seed", range(4))
def test_what_the_log_holds_is_what_a_slow_loop_finds(seed: int) -> None:
    events = leave_one_out(random_shop(seed, instants=6, items=3))
    told = {tuple(row.values()) for row in events.train.table.to_pylist()}
    expected = [tuple(row.values()) in told for row in events.test.table.to_pylist()]
    assert in_log(events.test, log_of(events.train)).tolist() == expected
    assert any(expected)
    assert not all(expected)


def test_an_honest_bundle_passes_and_says_what_was_counted() -> None:
    events = cut_in_time(random_shop(0))
    until, log, held = bundle_overlap(events, trained_on(events))
    assert {each.severity for each in (until, log, held)} == {"none"}
    assert log.sentence.startswith(f"0 of {events.num_train} events in the bundle lie at or after the cut")
    assert held.sentence.startswith(f"0 of {len(events.test)} held-out events")


@given(st.sets(st.integers(0, 150), min_size=1, max_size=8))
def test_any_held_out_events_that_training_had_are_found(rows: set[int]) -> None:
    events = cut_in_time(random_shop(5))
    told = log_of(with_rows(events, sorted(rows)))
    until, log, held = bundle_overlap(events, trained_on(events, log=told))
    assert until.severity == "none"
    assert log.severity == held.severity == "leak"
    assert log.sentence.startswith(f"{len(rows)} of {events.num_train + len(rows)} events in the bundle")
    same = {tuple(events.test.table.slice(row, 1).to_pylist()[0].values()) for row in rows}
    count = sum(tuple(row.values()) in same for row in events.test.table.to_pylist())
    assert held.sentence.startswith(f"{count} of {len(events.test)} held-out events")
    first = next(row for row in events.test.table.to_pylist() if tuple(row.values()) in same)
    assert held.evidence[0] == {**first, AT: instant(first[AT])}
    late = {(row[USER], row[AT]) for row in log.evidence}
    users, at = events.test.table[USER].to_pylist(), events.test.at.tolist()
    assert late <= {(users[row], instant(at[row])) for row in rows}


def test_a_bundle_that_was_trained_until_later_is_found_whatever_its_log_says() -> None:
    events = cut_in_time(random_shop(0))
    until, *_ = bundle_overlap(events, trained_on(events, train_until=CUT + 3_600))
    assert until.severity == "leak"
    assert "3,600 seconds earlier" in until.sentence
    earlier, *_ = bundle_overlap(events, trained_on(events, train_until=CUT - 3_600))
    assert earlier.severity == "none"


def test_leave_one_out_asks_only_for_the_held_out_events_themselves() -> None:
    events = leave_one_out(random_shop(0, instants=300, items=60))
    (held,) = bundle_overlap(events, trained_on(events))
    assert held.severity == "none"
    (held,) = bundle_overlap(events, trained_on(events, log=log_of(with_rows(events, [3]))))
    assert held.severity == "leak"
    assert held.evidence[0][USER] == events.test.table[USER][3].as_py()


def test_an_empty_log_holds_nothing() -> None:
    events = cut_in_time(random_shop(0))
    nothing = log_of(CodedEvents.of(events.dataset, events.both.table.slice(0, 0)))
    assert not np.any(in_log(events.test, nothing))

"""Windows against a slow reading of the visits: every example once, behind enough of its past and nothing later."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.training.visits import ITEMS, SOME_TYPES, VISITS, Visit, schema_of, table_of
from winnow.schema.column import Ragged, offsets_of
from winnow.training.interactions import Interactions, interactions_of
from winnow.training.windows import Windows, windows_of

CLICKS = ("click",)


def clicks_of(visits: list[Visit]) -> Interactions:
    return interactions_of(table_of(visits), ITEMS, schema_of(CLICKS, CLICKS))


@given(visits=VISITS, positives=SOME_TYPES, history=SOME_TYPES, length=st.integers(1, 7))
def test_every_example_is_in_one_window_behind_its_own_past_and_nothing_later(
    visits: list[Visit], positives: tuple[str, ...], history: tuple[str, ...], length: int
):
    found = interactions_of(table_of(visits), ITEMS, schema_of(positives, history))
    windows = windows_of(found, length)
    assert sorted(windows.examples.values.tolist()) == list(range(len(found)))
    assert len(windows.starts) == len(windows.lengths) == len(windows) == len(windows.examples)
    for window in range(len(windows)):
        start, longest = int(windows.starts[window]), 0
        for example in windows.examples.row(window):
            visit = visits[found.event_rows[example]]
            past = [each for each in visits if each.user == visit.user and each.at < visit.at and each.type in history]
            read = int(found.history_end[example]) - start
            assert min(len(past), -(-length // 2)) <= read <= min(len(past), length)
            places = np.arange(start, start + read)
            assert found.history_items[places].tolist() == [each.item for each in past[len(past) - read :]]
            assert found.history_at[places].tolist() == [each.at for each in past[len(past) - read :]]
            longest = max(longest, read)
        assert windows.lengths[window] == longest
        assert len(windows.examples.row(window)) > 0


@given(visits=VISITS, length=st.integers(1, 7))
def test_a_window_is_of_one_user(visits: list[Visit], length: int):
    found = clicks_of(visits)
    examples = windows_of(found, length).examples
    assert all(len(set(found.users[examples.row(window)].tolist())) == 1 for window in range(len(examples)))


def test_users_without_any_history_do_not_share_a_window():
    """Both pasts begin, and end, where the history of nobody does."""
    visits = [Visit("ann", 0, "click", 1.0), Visit("bob", 1, "click", 1.0), Visit("ann", 2, "click", 2.0)]
    found = interactions_of(table_of(visits), ITEMS, schema_of(CLICKS, ("view",)))
    windows = windows_of(found, 5)
    assert windows.lengths.tolist() == [0, 0]
    assert windows.examples.lengths.tolist() == [2, 1]


def test_windows_of_a_long_history_overlap_by_half():
    found = clicks_of([Visit("ann", number % 4, "click", float(number)) for number in range(23)])
    windows = windows_of(found, 8)
    assert windows.starts.tolist() == [0, 4, 8, 12, 16]
    assert windows.lengths.tolist() == [8, 8, 8, 8, 6]
    assert windows.examples.lengths.tolist() == [9, 4, 4, 4, 2]


def test_examples_of_one_instant_are_asked_behind_the_same_past():
    visits = [Visit("ann", number, "click", at) for number, at in enumerate([1.0, 2.0, 2.0, 2.0])]
    windows = windows_of(clicks_of(visits), 2)
    assert (windows.starts.tolist(), windows.lengths.tolist()) == ([0], [1])
    assert windows.examples.lengths.tolist() == [4]


def test_no_events_are_no_windows_and_no_batches():
    windows = windows_of(clicks_of([]), 5)
    assert len(windows) == 0
    assert list(windows.batches(10, np.random.default_rng(0))) == []


def windows_like(lengths: list[int], counts: list[int]) -> Windows:
    offsets = offsets_of(np.array(counts, np.int64))
    return Windows(
        starts=np.zeros(len(counts), np.int64),
        lengths=np.array(lengths, np.int64),
        examples=Ragged(np.arange(offsets[-1]), offsets),
    )


SOME_WINDOWS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12)), min_size=1, max_size=40)


@given(drawn=SOME_WINDOWS, size=st.integers(1, 30), seed=st.integers(0, 5))
def test_batches_hold_every_window_once_and_about_as_many_examples_as_asked(
    drawn: list[tuple[int, int]], size: int, seed: int
):
    windows = windows_like(*map(list, zip(*drawn, strict=True)))
    batches = list(windows.batches(size, np.random.default_rng(seed)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(windows)))
    largest, counts = max(count for _, count in drawn), [windows.examples.lengths[each].sum() for each in batches]
    assert all(0 < count < size + largest for count in counts)
    assert len(batches) <= -(-sum(count for _, count in drawn) // size)
    assert sum(count <= size - largest for count in counts) <= 1


def test_windows_of_a_batch_are_about_equally_long():
    lengths = np.random.default_rng(0).integers(0, 50, 1000).tolist()
    windows = windows_like(lengths, [2] * 1000)
    batches = list(windows.batches(100, np.random.default_rng(1)))
    assert len(batches) == 20
    assert max(np.ptp(windows.lengths[each]) for each in batches) <= 5


def test_batches_are_drawn_anew_in_every_epoch_and_follow_the_seed():
    windows = windows_like([3] * 50, [1] * 50)
    generator = np.random.default_rng(4)
    first, second = (np.concatenate(list(windows.batches(10, generator))).tolist() for _ in range(2))
    again = np.concatenate(list(windows.batches(10, np.random.default_rng(4)))).tolist()
    assert first == again != second
    assert sorted(first) == sorted(second)


def test_the_order_of_batches_does_not_follow_their_length():
    windows = windows_like(list(range(40)), [5] * 40)
    order = [int(windows.lengths[each[0]]) for each in windows.batches(5, np.random.default_rng(0))]
    assert order != sorted(order)
    assert abs(np.corrcoef(order, np.arange(40))[0, 1]) < 0.4


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_shortest_windows_still_hold_an_event(length: int):
    found = clicks_of([Visit("ann", 0, "click", float(number)) for number in range(6)])
    windows = windows_of(found, length)
    for window in range(len(windows)):
        read = found.history_end[windows.examples.row(window)] - windows.starts[window]
        past = found.history_end[windows.examples.row(window)] - found.history_start[windows.examples.row(window)]
        assert ((read >= 1) | (past == 0)).all()

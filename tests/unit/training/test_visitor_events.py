"""Histories as they were before an instant, against a slow loop."""

import numpy as np
import pytest

from winnow.training.visitor_events import visitor_events


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length", [1, 4, 30])
def test_they_are_the_last_events_strictly_before_the_instant(seed, length):
    draw = np.random.default_rng(seed)
    whose, at, items = draw.integers(0, 4, 60), draw.integers(0, 40, 60) * 200.0, draw.integers(0, 9, 60)
    order = np.argsort(at, kind="stable")
    whose, at, items = whose[order], at[order], items[order]
    who, asked = draw.integers(0, 6, 30), draw.integers(0, 45, 30) * 200.0
    events = visitor_events(whose, at, items, who, asked)
    chosen = draw.permutation(30)[:20]
    found = events.last(chosen, length)
    for row, number in enumerate(chosen):
        last = items[(whose == who[number]) & (at < asked[number])][::-1][:length].tolist()
        assert found[row].tolist() == last + [-1] * (length - len(last))


def test_without_events_there_are_none():
    none = np.empty(0, np.int64)
    events = visitor_events(none, np.empty(0), none, np.array([0, 1]), np.array([1.0, 2.0]))
    assert (events.last(np.arange(2), 3) == -1).all()


def test_memory_does_not_grow_with_the_length():
    draw = np.random.default_rng(0)
    events = visitor_events(
        draw.integers(0, 9, 500), draw.random(500), draw.integers(0, 9, 500), draw.integers(0, 9, 70), draw.random(70)
    )
    assert {each.shape for each in (events.items, events.at)} == {(500,)}
    assert {each.shape for each in (events.starts, events.ends)} == {(70,)}

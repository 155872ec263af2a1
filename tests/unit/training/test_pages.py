"""Where pages begin, told at once or some at a time, against a slow loop."""

import numpy as np
import pytest

from winnow.features.likeness import VISIT_S
from winnow.training.pages import Pages, page_starts


def planted(seed, number=400):
    """Visitors, instants that are often the same or a visit apart, and places of which some are not known."""
    draw = np.random.default_rng(seed)
    steps = draw.choice([0.0, 1.0, VISIT_S, VISIT_S + 1], number, p=[0.4, 0.4, 0.1, 0.1])
    return draw.integers(0, 5, number), np.cumsum(steps), draw.integers(0, 5, number)


def slow_starts(visitors, at, positions):
    last, starts = {}, []
    for who, when, place in zip(visitors.tolist(), at.tolist(), positions.tolist(), strict=True):
        start = when
        if who in last:
            before, before_place, page = last[who]
            rises = 0 < before_place < place and when - before <= VISIT_S
            start = page if rises or when == before else when
        last[who] = when, place, start
        starts.append(start)
    return starts


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("at_once", [1, 7, 400])
def test_pieces_begin_where_a_slow_loop_says(seed, at_once):
    visitors, at, positions = planted(seed)
    pages = Pages(5)
    pieces = [slice(start, start + at_once) for start in range(0, len(at), at_once)]
    found = np.concatenate([pages.starts(visitors[each], at[each], positions[each]) for each in pieces])
    assert found.tolist() == slow_starts(visitors, at, positions)
    assert len(np.unique(found)) > 20


def test_all_at_once_is_the_same():
    visitors, at, positions = planted(0)
    assert page_starts(visitors, at, positions).tolist() == slow_starts(visitors, at, positions)
    assert not len(page_starts(visitors[:0], at[:0], positions[:0]))

"""What was known when items were shown, against a sum over everything that came before the day."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.training.shown_rows import shown_rows
from winnow.stores.showings import Showings
from winnow.training.impression_rows import ImpressionRows
from winnow.training.place_rates import looks_of, place_rates
from winnow.training.shown_before import DAY_S, ShownBefore, shown_before

ITEMS, SIZES, HALVES = 9, (0, 4, 3), (0.5, 4.0)
UNTIL = 1.7e9
CODES = np.stack([np.arange(ITEMS), np.arange(ITEMS) % 4, np.arange(ITEMS) % 3], axis=1).astype(np.int32)


def planted(seed: int, days: float = 9.0) -> ImpressionRows:
    """Some on the borders of days, and a day with nothing; the last ones come after the end."""
    draw = np.random.default_rng(seed)
    ago = np.concatenate([draw.uniform(-1.5, days, 150), np.arange(-1.0, days)])
    ago = np.sort(ago[(ago < 4) | (ago > 5)])[::-1]
    number = len(ago)
    return shown_rows(
        draw.integers(0, ITEMS, number), UNTIL - ago * DAY_S, draw.integers(0, 4, number), draw.random(number) < 0.3
    )


def before(rows: ImpressionRows, end: float) -> Showings:
    """All that came before an instant."""
    counted = rows.at < UNTIL
    looks = looks_of(place_rates([(rows.clicked[counted], rows.positions[counted])]), rows.positions)
    places = [np.arange(ITEMS), CODES[:, 1], CODES[:, 2]]
    tables = [np.zeros((2, size, len(HALVES))) for size in (ITEMS, 4, 3)]
    for row in np.flatnonzero(counted & (rows.at < end)):
        weights = 0.5 ** ((end - rows.at[row]) / DAY_S / np.array(HALVES))
        for table, place in zip(tables, places, strict=True):
            table[0, place[rows.items[row]]] += looks[row] * weights
            table[1, place[rows.items[row]]] += rows.clicked[row] * weights
    return Showings(until=end, half_lives_days=HALVES, columns=(1, 2), items=tables[0], codes=tuple(tables[1:]))


def found_in(rows: ImpressionRows) -> ShownBefore:
    return shown_before(rows, CODES, SIZES, HALVES, UNTIL)


def day_of(at: float) -> float:
    """The beginning of its day; what is shown after the end sees what was known at the end."""
    start = UNTIL
    while start > at:
        start -= DAY_S
    return start


@pytest.mark.parametrize("seed", range(3))
def test_every_impression_sees_what_came_before_its_day(seed):
    rows = planted(seed)
    found = found_in(rows)(np.arange(len(rows)))
    assert found.dtype == np.float32
    assert any(row % DAY_S == UNTIL % DAY_S for row in rows.at.tolist())
    for row in range(len(rows)):
        wanted = before(rows, day_of(rows.at[row])).figures(CODES, rows.items[row : row + 1])
        np.testing.assert_allclose(found[row], wanted[0], rtol=1e-4, atol=1e-5)


def test_what_is_known_at_the_end_is_of_everything_before_it():
    rows = planted(0)
    last, wanted = found_in(rows).last, before(rows, UNTIL)
    assert (last.until, last.half_lives_days, last.columns) == (UNTIL, HALVES, (1, 2))
    for table, slow in zip((last.items, *last.codes), (wanted.items, *wanted.codes), strict=True):
        np.testing.assert_allclose(table, slow, rtol=1e-4, atol=1e-6)


def test_what_comes_of_a_day_is_not_seen_on_that_day():
    rows, day = planted(0), UNTIL - 3 * DAY_S
    same = (rows.at >= day) & (rows.at < day + DAY_S)
    changed = replace(rows, clicked=np.where(same, rows.clicked[::-1], rows.clicked))
    first, then = np.flatnonzero(rows.at < day + DAY_S), np.flatnonzero(rows.at >= day + DAY_S)
    # A click more or less changes how often places are looked at, for everybody; so places are all unknown here.
    found, other = (found_in(replace(each, positions=0 * rows.positions)) for each in (rows, changed))
    np.testing.assert_array_equal(found(first), other(first))
    assert not np.array_equal(found(then), other(then))


def test_what_is_shown_after_the_end_is_not_counted():
    rows = planted(0)
    counted = np.flatnonzero(rows.at < UNTIL)
    assert 0 < len(counted) < len(rows)
    changed = replace(rows, clicked=np.where(rows.at < UNTIL, rows.clicked, ~rows.clicked))
    found, other = found_in(rows), found_in(changed)
    np.testing.assert_array_equal(found(np.arange(len(rows))), other(np.arange(len(rows))))
    np.testing.assert_array_equal(found.last.items, other.last.items)
    later = np.flatnonzero(rows.at >= UNTIL)
    np.testing.assert_array_equal(found(later), found.last.figures(CODES, rows.items[later]))


def test_on_the_first_day_nothing_is_known():
    rows = planted(0)
    first = np.flatnonzero(rows.at < day_of(rows.at[0]) + DAY_S)
    assert len(first) > 5
    assert not found_in(rows)(first).any()
    assert found_in(rows)(np.arange(len(rows))).any(axis=1).sum() == len(rows) - len(first)


def test_where_nothing_was_clicked_looks_are_counted():
    rows = replace(planted(0), clicked=np.zeros(len(planted(0)), bool))
    last = found_in(rows).last
    assert last.items[0].sum() == pytest.approx(before_looks(rows), rel=1e-4)
    assert not last.items[1].any()


def before_looks(rows: ImpressionRows) -> float:
    ages = (UNTIL - rows.at[rows.at < UNTIL]) / DAY_S
    return sum(float((0.5 ** (ages / half)).sum()) for half in HALVES)


@pytest.mark.parametrize("at", [[], [UNTIL, UNTIL + 5 * DAY_S]])
def test_without_anything_before_the_end_nothing_is_known(at):
    ones = np.ones(len(at), np.int64)
    rows = shown_rows(ones, at, ones, ones)
    found = found_in(rows)
    assert found(np.arange(len(at))).shape == (len(at), found.last.width)
    assert not found(np.arange(len(at))).any()
    assert not found.last.items.any()

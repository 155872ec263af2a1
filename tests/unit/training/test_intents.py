"""What users come for, against a slow loop over their visits."""

from math import exp, log

import numpy as np
import pytest

from tests.unit.training.in_files import lies_in_a_file
from tests.unit.training.shown_rows import shown_rows
from winnow.features.likeness import VISIT_S
from winnow.training import intents as module
from winnow.training import scratch
from winnow.training.impression_rows import ImpressionRows
from winnow.training.intents import KINDS, intents

ITEMS, SIZES = 12, (0, 4, 3)
NAMES = ("ann", "bob", "cid", "dan")
"""Dan was shown nothing; whoever comes after him is known to nobody."""
CODES = np.stack([np.arange(ITEMS), np.arange(ITEMS) % 3, np.arange(ITEMS) // 4], axis=1).astype(np.int32)
"""Of the first column that is counted, the last code is of no item."""


def planted(seed: int, number: int = 300) -> ImpressionRows:
    draw = np.random.default_rng(seed)
    at = 1.7e9 + np.cumsum(draw.choice([0.0, 1.0, VISIT_S / 4, VISIT_S, 2 * VISIT_S], number))
    users = draw.choice([0, 1, 2, 4], number)
    return shown_rows(draw.integers(0, ITEMS, number), at, np.zeros(number), np.zeros(number), users)


def shares(rows: ImpressionRows, column: int) -> dict[int, list[dict[int, float]]]:
    """Of each known user's visits, which part was about which code."""
    visits: dict[int, list[list[int]]] = {}
    latest: dict[int, float] = {}
    for user, item, at in zip(rows.user_rows.tolist(), rows.items.tolist(), rows.at.tolist(), strict=True):
        if at - latest.get(user, -np.inf) > VISIT_S:
            visits.setdefault(user, []).append([])
        visits[user][-1].append(int(CODES[item, column]))
        latest[user] = at
    return {
        user: [{code: each.count(code) / len(each) for code in set(each)} for each in told]
        for user, told in visits.items()
        if user < len(NAMES)
    }


@pytest.mark.parametrize("at_once", [7, 100_000])
@pytest.mark.parametrize("seed", range(3))
def test_a_visit_counts_as_one_beside_everybodys(seed: int, at_once: int, monkeypatch):
    monkeypatch.setattr(scratch, "ROWS_AT_ONCE", at_once)
    rows = planted(seed)
    found = intents(rows, CODES, SIZES, NAMES)
    assert (found.columns.tolist(), found.starts.tolist()) == ([1, 2], [0, 4])
    assert sorted(found.users.user_ids) == ["ann", "bob", "cid"]
    for column, start in ((1, 0), (2, 4)):
        told = shares(rows, column)
        everybody = [each for visits in told.values() for each in visits]
        for user, visits in told.items():
            for code in range(SIZES[column]):
                usual = sum(each.get(code, 0) for each in everybody) / len(everybody)
                mine = sum(each.get(code, 0) for each in visits) / usual if usual else 0
                expected = log((mine + 1) / (len(visits) + 1))
                assert found.users.read([NAMES[user]])[0, start + code] == pytest.approx(expected, abs=1e-5)


def test_who_comes_for_one_thing_only_comes_for_it_so_many_times_more_than_others():
    """Ten visits for the first kind of three, of a hundred visits for each: (10 * 3 + 1) / (10 + 1)."""
    items = np.repeat([0, 4, 8], 100)
    users = np.concatenate([np.zeros(10, int), np.full(290, 1)])
    at = np.arange(300) * 2 * VISIT_S
    found = intents(shown_rows(items, at, np.zeros(300), np.zeros(300), users), CODES, (0, 0, 3), NAMES)
    told = found.users.read(["ann", "nobody"])
    assert [exp(each) for each in told[0].tolist()] == pytest.approx([31 / 11, 1 / 11, 1 / 11], rel=1e-5)
    assert not told[1].any()


def test_columns_with_many_codes_are_left_out():
    sizes = (0, KINDS, 3, KINDS - 3, 4)
    rows = planted(0)
    codes = np.zeros((ITEMS, len(sizes)), np.int32)
    found = intents(rows, codes, sizes, NAMES)
    assert found.columns.tolist() == [2, 4]
    assert intents(rows, codes, (0, KINDS, 0, 0, 0), NAMES).columns.tolist() == [1]
    assert intents(rows, codes, (0, KINDS + 1, 0, 0, 0), NAMES).width == 0


def test_of_nobody_nothing_is_known():
    none = shown_rows(np.empty(0, int), np.empty(0), np.empty(0), np.empty(0), np.empty(0, int))
    found = intents(none, CODES, SIZES, NAMES)
    assert (found.width, len(found.users.user_ids)) == (2, 0)
    assert found.users.read(["ann"]).tolist() == [[0] * 7]
    strangers = shown_rows(np.zeros(5, int), np.arange(5), np.zeros(5), np.zeros(5), np.full(5, len(NAMES)))
    assert not intents(strangers, CODES, SIZES, NAMES).users.user_ids


def test_which_visit_a_row_is_of_lies_in_a_file():
    visit, _ = module._visits(planted(0), len(NAMES))
    assert lies_in_a_file(visit)

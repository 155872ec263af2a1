"""What visits are about, against a slow loop over them; and what that says of users who choose."""

from math import log

import numpy as np
import pytest

from tests.unit.training.in_files import lies_in_a_file
from tests.unit.training.shown_rows import shown_rows
from winnow.features.likeness import VISIT_S
from winnow.training import scratch
from winnow.training import visit_kinds as module
from winnow.training.impression_rows import ImpressionRows
from winnow.training.visit_kinds import KINDS, VisitKinds, visit_kinds

ITEMS, SIZES = 12, (0, 4, 3)
USERS = 4
"""The last one was shown nothing; whoever comes after is known to nobody."""
CODES = np.stack([np.arange(ITEMS), np.arange(ITEMS) % 3, np.arange(ITEMS) // 4], axis=1).astype(np.int32)
"""Of the first column that is counted, the last code is of no item."""


def planted(seed: int, number: int = 300) -> ImpressionRows:
    """Pages of three, some of them about one code of a column."""
    draw = np.random.default_rng(seed)
    users = np.repeat(draw.choice([0, 1, 2, 4], number // 3), 3)
    at = np.repeat(1.7e9 + np.cumsum(draw.choice([0.0, 1.0, VISIT_S / 4, VISIT_S, 2 * VISIT_S], number // 3)), 3)
    items = draw.integers(0, ITEMS, number).reshape(-1, 3)
    asked = draw.random(len(items))
    items[asked < 0.3] = items[asked < 0.3][:, :1] % 3 + 3 * draw.integers(0, 4, (int((asked < 0.3).sum()), 3))
    items[asked > 0.8] = items[asked > 0.8][:, :1] // 4 * 4 + draw.integers(0, 4, (int((asked > 0.8).sum()), 3))
    return shown_rows(items.ravel(), at, np.zeros(number), np.zeros(number), users)


def shares(rows: ImpressionRows, column: int) -> dict[int, list[dict[int, float]]]:
    """Of each known user's visits, which part was about which code."""
    visits: dict[int, list[dict[float, list[int]]]] = {}
    latest: dict[int, float] = {}
    for user, item, at in zip(rows.user_rows.tolist(), rows.items.tolist(), rows.at.tolist(), strict=True):
        if at - latest.get(user, -np.inf) > VISIT_S:
            visits.setdefault(user, []).append({})
        visits[user][-1].setdefault(at, []).append(int(CODES[item, column]))
        latest[user] = at

    def about(pages: list[list[int]]) -> dict[int, float]:
        asked = [page for page in pages if len(page) > 1 and len(set(page)) == 1]
        shown = [code for page in asked or pages for code in page]
        return {code: shown.count(code) / len(shown) for code in set(shown)}

    return {user: [about(list(each.values())) for each in told] for user, told in visits.items() if user < USERS}


def counted(rows: ImpressionRows, codes=CODES, sizes=SIZES) -> VisitKinds:
    return visit_kinds(rows, np.arange(len(rows)), codes, sizes, USERS)


@pytest.mark.parametrize("at_once", [7, 100_000])
@pytest.mark.parametrize("seed", range(3))
def test_a_visit_counts_as_one_beside_everybodys(seed: int, at_once: int, monkeypatch):
    monkeypatch.setattr(scratch, "ROWS_AT_ONCE", at_once)
    rows = planted(seed)
    found = counted(rows)
    assert (found.columns.tolist(), found.starts.tolist(), len(found)) == ([1, 2], [0, 4, 7], 7)
    assert not found.visits[3].any()
    for column, start in ((1, 0), (2, 4)):
        told = shares(rows, column)
        everybody = [each for visits in told.values() for each in visits]
        for code in range(SIZES[column]):
            for user, visits in told.items():
                expected = sum(each.get(code, 0) for each in visits)
                assert found.visits[user, start + code] == pytest.approx(expected, rel=1e-5)
            usual = (sum(each.get(code, 0) for each in everybody) + 1) / (len(everybody) + SIZES[column])
            assert found.usual[start + code] == pytest.approx(log(usual), abs=1e-5)


def test_a_page_of_one_kind_was_asked_for():
    """A mixed page, one of the first kind, and one with a single item, in one visit; and a visit with a mixed one."""
    items, at = [0, 4, 8, 0, 1, 9, 0, 4, 8], np.array([0, 0, 0, 60, 60, 90, 9e3, 9e3, 9e3])
    rows = shown_rows(items, at, np.zeros(9), np.zeros(9))
    np.testing.assert_allclose(counted(rows, CODES, (0, 0, 3)).visits[0], [1 + 1 / 3, 1 / 3, 1 / 3], rtol=1e-6)


def test_only_what_is_chosen_counts():
    rows = planted(0)
    half = np.arange(len(rows) // 2)
    some = visit_kinds(rows, half, CODES, SIZES, USERS)
    cut = shown_rows(rows.items[half], rows.at[half], rows.positions[half], rows.clicked[half], rows.user_rows[half])
    np.testing.assert_array_equal(some.visits, counted(cut).visits)
    assert some.visits.sum() < counted(rows).visits.sum()


def test_the_mean_item_of_a_kind():
    items = np.arange(2.0 * ITEMS, dtype=np.float32).reshape(ITEMS, 2)
    means = counted(planted(0)).means(items, CODES)
    assert not means[3].any()
    for kind, of_kind in ((0, CODES[:, 1] == 0), (2, CODES[:, 1] == 2), (4, CODES[:, 2] == 0), (6, CODES[:, 2] == 2)):
        np.testing.assert_allclose(means[kind], items[of_kind].mean(axis=0))


def test_columns_with_many_codes_are_left_out():
    sizes = (0, KINDS, 3, KINDS - 3, 4)
    rows = planted(0)
    codes = np.zeros((ITEMS, len(sizes)), np.int32)
    assert counted(rows, codes, sizes).columns.tolist() == [2, 4]
    assert counted(rows, codes, (0, KINDS, 0, 0, 0)).columns.tolist() == [1]
    assert len(counted(rows, codes, (0, KINDS + 1, 0, 0, 0))) == 0


def test_of_nobody_nothing_is_known():
    none = shown_rows(np.empty(0, int), np.empty(0), np.empty(0), np.empty(0), np.empty(0, int))
    strangers = shown_rows(np.zeros(5, int), np.arange(5), np.zeros(5), np.zeros(5), np.full(5, USERS))
    for rows in (none, strangers):
        found = counted(rows)
        assert not found.visits.any()
        np.testing.assert_allclose(np.exp(found.usual), [1 / 4] * 4 + [1 / 3] * 3, rtol=1e-6)


def chosen() -> tuple[VisitKinds, np.ndarray]:
    """Choices among four kinds and among three, and what wishes for them are about."""
    draw = np.random.default_rng(3)
    visits, usual = (
        draw.uniform(0, 4, (2, 7)),
        np.log(np.concatenate([draw.dirichlet([2] * 4), draw.dirichlet([2] * 3)])),
    )
    kinds = VisitKinds(columns=np.array([1, 2]), starts=np.array([0, 4, 7]), visits=visits, usual=usual)
    return kinds, draw.normal(size=(7, 5))


def likelihood(kinds: VisitKinds, about: np.ndarray, liking: np.ndarray) -> float:
    """Logarithm, of the choices of user 1."""
    found = 0.0
    for kind in (slice(0, 4), slice(4, 7)):
        worth = np.exp(kinds.usual[kind] + about[kind] @ liking)
        found += float(kinds.visits[1, kind] @ np.log(worth / worth.sum()))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_slope_and_information_are_those_of_the_likelihood_of_choices(seed: int):
    (kinds, about), step = chosen(), 1e-4
    liking = np.random.default_rng(seed).normal(size=5)
    slope, information = kinds.evidence(1, about, liking)
    for place, way in enumerate(step * np.eye(5)):
        rise = likelihood(kinds, about, liking + way) - likelihood(kinds, about, liking - way)
        assert slope[place] == pytest.approx(rise / (2 * step), abs=1e-6)
        turn = kinds.evidence(1, about, liking + way)[0] - kinds.evidence(1, about, liking - way)[0]
        np.testing.assert_allclose(information[place], -turn / (2 * step), atol=1e-6)


def test_which_visit_a_row_is_of_lies_in_a_file():
    rows = planted(0)
    found = module._Visits.of(rows, np.arange(len(rows)), USERS)
    assert lies_in_a_file(found.visit)
    assert lies_in_a_file(found.page)

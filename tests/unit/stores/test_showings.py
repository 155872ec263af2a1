"""Showings against a slow loop."""

import json
from dataclasses import replace
from math import log

import numpy as np
import pytest

from winnow.schema.errors import BundleError
from winnow.stores.showings import CARD_NAME, CLICKS, FILE_NAME, Showings, no_showings

HALVES, ITEMS, SIZE = (1.0, 16.0), 7, 4
DRAW = np.random.default_rng(0)
CODES = np.stack([np.arange(ITEMS), DRAW.integers(0, SIZE - 1, ITEMS)], axis=1).astype(np.int32)


def table(size: int) -> np.ndarray:
    looks = DRAW.uniform(0, 90, (size, len(HALVES)))
    return np.stack([looks, looks * DRAW.uniform(0.01, 0.3, looks.shape)]).astype(np.float32)


def showings() -> Showings:
    items, codes = table(ITEMS), table(SIZE)
    items[:, 3] = codes[:, SIZE - 1] = 0  # not shown yet
    return Showings(until=9e8, half_lives_days=HALVES, columns=(1,), items=items, codes=(codes,))


SHOWINGS = showings()


def slow(counts: np.ndarray, place: int) -> list[float]:
    rates, shown = [], []
    for half in range(len(HALVES)):
        looks, clicks = counts[:, place, half].tolist()
        all_looks, all_clicks = (sum(counts[which, :, half].tolist()) for which in range(2))
        mean = all_looks / sum(each > 0 for each in counts[0, :, half].tolist())
        rates.append(log((clicks + CLICKS) / (looks * all_clicks / all_looks + CLICKS)))
        shown.append(log((looks + 1) / (mean + 1)))
    return [*rates, *shown]


def test_figures_are_what_a_slow_loop_says():
    rows = np.array([2, 0, 3, 2])
    wanted = [
        [*slow(SHOWINGS.items, row), float(row == 3), *slow(SHOWINGS.codes[0], CODES[row, 1])] for row in rows.tolist()
    ]
    found = SHOWINGS.figures(CODES, rows)
    assert found.dtype == np.float32
    assert found.shape == (4, SHOWINGS.width)
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_a_usual_item_has_nothing_for_its_rate_and_better_ones_have_more():
    looks = np.array([10, 100, 100, 100], np.float32)
    clicks = np.array([1, 10, 15, 5], np.float32)  # a tenth of all
    items = np.stack([looks, clicks])[:, :, None]
    one = Showings(until=0.0, half_lives_days=(1.0,), columns=(), items=items, codes=())
    rates, shown, unshown = one.figures(CODES, np.arange(4)).T
    assert not unshown.any()
    np.testing.assert_allclose(rates[:2], 0, atol=1e-6)
    assert rates[2] > 0.2 > -0.2 > rates[3]
    assert shown[0] < 0 < shown[1] == shown[2]


def test_what_was_shown_little_is_thought_to_be_as_usual():
    items = np.array([[1, 1_000, 9_000], [1, 1_000, 10]], np.float32)[:, :, None]
    one = Showings(until=0.0, half_lives_days=(1.0,), columns=(), items=items, codes=())
    rates = one.figures(CODES, np.arange(2))[:, 0]
    assert 0 < rates[0] < 0.2
    assert rates[1] > 2


def test_where_nothing_was_shown_yet_all_figures_are_0():
    none = no_showings(HALVES, (1,), ITEMS, (SIZE,))
    found = none.figures(CODES, np.arange(ITEMS))
    assert found.shape == (ITEMS, none.width) == (ITEMS, 9)
    assert not found.any()


def test_where_nothing_was_clicked_yet_rates_say_nothing():
    items = np.array([[1, 50], [0, 0]], np.float32)[:, :, None]
    one = Showings(until=0.0, half_lives_days=(1.0,), columns=(), items=items, codes=())
    assert not one.figures(CODES, np.arange(2))[:, 0].any()


def test_no_items_have_no_figures():
    assert SHOWINGS.figures(CODES, np.empty(0, np.int64)).shape == (0, SHOWINGS.width)


def test_figures_worked_out_before_are_those_that_are_asked_for():
    figures, rows = SHOWINGS.figured(), np.array([2, 0, 6, 2])
    assert figures.width == SHOWINGS.width
    np.testing.assert_array_equal(figures(rows, CODES[rows]), SHOWINGS.figures(CODES, rows))
    assert figures(rows[:0], CODES[:0]).shape == (0, SHOWINGS.width)


def test_new_items_are_as_those_that_were_not_shown_and_their_codes_still_speak():
    figures, codes = SHOWINGS.figured(), np.concatenate([CODES, [[7, 0], [8, 1]]])
    new, own = figures(np.array([7, 8]), codes[7:]), 2 * len(HALVES) + 1
    unshown = SHOWINGS.figures(CODES, np.array([3]))
    np.testing.assert_array_equal(new[:, :own], np.repeat(unshown[:, :own], 2, axis=0))
    assert (new[:, own - 1] == 1).all()
    for row, code in enumerate((0, 1)):
        alike = np.flatnonzero(CODES[:, 1] == code)[:1]
        np.testing.assert_array_equal(new[row, own:], SHOWINGS.figures(CODES, alike)[0, own:])
        assert new[row, own:].all()


@pytest.mark.parametrize("saved", [SHOWINGS, no_showings(HALVES, (), ITEMS, ())])
def test_what_was_saved_is_opened(tmp_path, saved):
    saved.save(tmp_path)
    opened = Showings.load(tmp_path, ITEMS)
    for name in ("until", "half_lives_days", "columns"):
        assert getattr(opened, name) == getattr(saved, name)
    for found, wanted in zip((opened.items, *opened.codes), (saved.items, *saved.codes), strict=True):
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, wanted)


def test_showings_of_another_catalogue_are_refused(tmp_path):
    SHOWINGS.save(tmp_path)
    with pytest.raises(BundleError, match=f"are of {ITEMS} items, and the catalogue has {ITEMS + 1}. Parts of two"):
        Showings.load(tmp_path, ITEMS + 1)


def test_the_columns_of_many_codes_keep_their_order(tmp_path):
    many = tuple(np.full((2, 1, 2), place, np.float32) for place in range(12))
    replace(SHOWINGS, columns=tuple(range(12)), codes=many).save(tmp_path)
    opened = Showings.load(tmp_path, ITEMS)
    assert [int(each[0, 0, 0]) for each in opened.codes] == list(range(12))


def card(**changed: object) -> bytes:
    return json.dumps({"until": 9e8, "half_lives_days": HALVES, "columns": (1,)} | changed).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (CARD_NAME, None),
        (CARD_NAME, b"{"),
        (CARD_NAME, b"\xff\xfe"),
        (CARD_NAME, b"[]"),
        (CARD_NAME, b'{"until": 0.0}'),
        (CARD_NAME, card(columns=3)),
        (CARD_NAME, card(columns=(1, 2))),
        (CARD_NAME, card(half_lives_days=(1.0,))),
        (FILE_NAME, None),
        (FILE_NAME, b""),
        (FILE_NAME, b"nothing of ours"),
        (FILE_NAME, b"PK\x03\x04 cut off"),
    ],
)
def test_damaged_files_are_refused_with_a_sentence(tmp_path, name, content):
    SHOWINGS.save(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BundleError, match=r"cannot be read \(.*\); train the bundle again"):
        Showings.load(tmp_path, ITEMS)


def test_arrays_of_another_shape_are_refused_with_a_sentence(tmp_path):
    SHOWINGS.save(tmp_path)
    np.savez(tmp_path / FILE_NAME, SHOWINGS.items[0], SHOWINGS.codes[0])
    with pytest.raises(BundleError, match="the tables are not those of the card"):
        Showings.load(tmp_path, ITEMS)


def test_a_changed_byte_is_refused_with_a_sentence(tmp_path):
    SHOWINGS.save(tmp_path)
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    content[content.index(SHOWINGS.codes[0].tobytes()) + 5] ^= 1
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(BundleError, match="cannot be read"):
        Showings.load(tmp_path, ITEMS)

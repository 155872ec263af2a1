"""Likeness against a slow loop."""

from dataclasses import replace

import numpy as np
import pytest

from winnow.features.feature_arrays import FeatureArrays, items_at
from winnow.features.likeness import likeness, likeness_width
from winnow.schema.transform import UNKNOWN_CODE

DRAW = np.random.default_rng(0)


def catalogue(num_items: int = 12) -> FeatureArrays:
    vectors = DRAW.normal(size=(num_items, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[0] = 0  # missing
    return FeatureArrays(
        codes=DRAW.integers(0, 4, (num_items, 2)).astype(np.int32),
        values=np.empty((num_items, 0), np.float32),
        vectors={"picture": vectors},
    )


def of_rows(items: FeatureArrays, rows: np.ndarray, recent: np.ndarray) -> np.ndarray:
    """Of candidates each of which has a visit of its own."""
    return likeness(items, items_at(items, rows), recent, np.arange(len(rows)))


def slow(items: FeatureArrays, candidate: int, recent: list[int]) -> list[float]:
    last = [row for row in recent if row >= 0]
    if not last:
        return [0.0] * likeness_width(items)
    same = [
        sum(items.codes[row, place] == code for row in last) / len(last) if code > UNKNOWN_CODE else 0.0
        for place, code in enumerate(items.codes[candidate].tolist())
    ]
    picture = items.vectors["picture"]
    return [*same, sum(float(picture[row] @ picture[candidate]) for row in last) / len(last), 1.0]


def test_it_is_what_a_slow_loop_says():
    items = catalogue()
    candidates = DRAW.integers(0, 12, 50)
    recent = DRAW.integers(-1, 12, (50, 3))
    wanted = [slow(items, row, last) for row, last in zip(candidates.tolist(), recent.tolist(), strict=True)]
    np.testing.assert_allclose(of_rows(items, candidates, recent), wanted, rtol=1e-5, atol=1e-6)


def test_candidates_of_one_visit_share_its_items():
    items, rows, recent = catalogue(), DRAW.integers(0, 12, 9), DRAW.integers(-1, 12, (2, 3))
    of = np.array([0, 0, 0, 1, 1, 0, 1, 1, 1])
    found = likeness(items, items_at(items, rows), recent, of)
    np.testing.assert_array_equal(found, of_rows(items, rows, recent[of]))


def test_the_order_in_which_vectors_are_kept_changes_nothing():
    items, others = catalogue(), catalogue()
    vectors = {"title": others.vectors["picture"], **items.vectors}
    candidates, recent = DRAW.integers(0, 12, 20), DRAW.integers(-1, 12, (20, 3))
    trained, served = (
        of_rows(replace(items, vectors=each), candidates, recent) for each in (vectors, dict(sorted(vectors.items())))
    )
    np.testing.assert_array_equal(trained, served)
    assert not np.array_equal(trained[:, 2], trained[:, 3])


@pytest.mark.parametrize("recent", [np.full((2, 3), -1), np.empty((2, 0), np.int64)])
def test_without_a_last_item_there_is_none(recent):
    assert not of_rows(catalogue(), np.array([1, 2]), recent).any()


def test_no_candidates_have_no_likeness():
    items = catalogue()
    assert of_rows(items, np.empty(0, np.int64), np.empty((0, 3), np.int64)).shape == (0, likeness_width(items))


def test_the_order_in_which_vectors_come_does_not_count():
    """The catalogue of a bundle has them in another order than the schema of its training."""
    items = catalogue()
    words = {"words": np.roll(items.vectors["picture"], 1, axis=0)}
    candidates, recent = np.arange(12), np.arange(12)[:, None] - 1
    first, last = (
        of_rows(replace(items, vectors=each), candidates, recent)
        for each in ({**items.vectors, **words}, {**words, **items.vectors})
    )
    np.testing.assert_array_equal(first, last)
    assert not np.array_equal(first[:, 2], first[:, 3])


def test_alone_a_visit_is_as_among_others_to_the_last_bit():
    items, rows, recent = catalogue(), DRAW.integers(0, 12, 30), DRAW.integers(0, 12, (2, 3))
    own, second = items_at(items, rows), np.ones(len(rows), np.int64)
    np.testing.assert_array_equal(likeness(items, own, recent[1:], second - 1), likeness(items, own, recent, second))

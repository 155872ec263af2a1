import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.similar_items import similar_items, vectors_by_part
from winnow.schema.errors import RequestError


def unit(rows):
    rows = np.asarray(rows, np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def catalogue_of(behaviour, *, allowed=None, **content) -> Catalogue:
    """Items `item-0`, `item-1`, ... with these vectors, scaled to unit length."""
    size = len(behaviour)
    return Catalogue(
        item_ids=tuple(f"item-{row}" for row in range(size)),
        codes=np.zeros((size, 0), np.int32),
        values=np.zeros((size, 0), np.float32),
        vectors={name: unit(rows) for name, rows in content.items()},
        tower=unit(behaviour),
        cards=[{}] * size,
        allowed=np.ones(size, bool) if allowed is None else np.array(allowed, bool),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Few directions, so that many items are equal and some have nothing."""
    size = draw(st.integers(1, 9))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    return catalogue_of(
        random.integers(1, 3, (size, 2)),
        allowed=random.random(size) < 0.8,
        words=random.integers(-1, 2, (size, 3)),
        picture=random.integers(0, 2, (size, 2)),
    )


def slow_cosine(one, other) -> float:
    lengths = math.sqrt(math.fsum(x * x for x in one)) * math.sqrt(math.fsum(x * x for x in other))
    return math.fsum(x * y for x, y in zip(one, other, strict=True)) / lengths if lengths else 0.0


def slow_answer(catalogue: Catalogue, row: int, weights: dict[str, float]) -> list[tuple[float, int]]:
    """Every other allowed item with its score, best first, ties by row; nothing when the item lacks all that counts."""
    parts = {name: vectors.astype(float).tolist() for name, vectors in vectors_by_part(catalogue).items()}
    counted = {name: weight for name, weight in weights.items() if any(parts[name][row])}
    total = math.fsum(counted.values())
    others = [other for other in range(len(catalogue)) if other != row and catalogue.allowed[other]]
    scored = [
        (
            -math.fsum(weight * slow_cosine(parts[n][row], parts[n][other]) for n, weight in counted.items()) / total,
            other,
        )
        for other in others
        if total
    ]
    return [(-score, other) for score, other in sorted((round(score, 6), other) for score, other in scored)]


PART = st.sampled_from(["behaviour", "words", "picture"])


@given(catalogue=catalogues(), part=PART, k=st.integers(0, 12), data=st.data())
def test_one_part_is_what_a_slow_loop_finds(catalogue, part, k, data):
    row = data.draw(st.integers(0, len(catalogue) - 1))
    if not vectors_by_part(catalogue)[part][row].any():
        with pytest.raises(RequestError, match=f"The item 'item-{row}' has no '{part}'"):
            similar_items(catalogue, row, {part: 1}, k)
        return
    expected = slow_answer(catalogue, row, {part: 1})[:k]
    found = similar_items(catalogue, row, {part: 1}, k)
    assert found.item_rows.tolist() == [other for _, other in expected]
    np.testing.assert_allclose(found.scores, [score for score, _ in expected], atol=1e-6)


@given(
    catalogue=catalogues(),
    weights=st.dictionaries(PART, st.sampled_from([0, 0.25, 1, 3]), min_size=1).filter(lambda each: any(each.values())),
    k=st.integers(0, 12),
    data=st.data(),
)
def test_a_mix_is_what_a_slow_loop_finds(catalogue, weights, k, data):
    row = data.draw(st.integers(0, len(catalogue) - 1))
    vectors = vectors_by_part(catalogue)
    lacking = [name for name in weights if not vectors[name][row].any()]
    if all(name in lacking for name, weight in weights.items() if weight):
        with pytest.raises(RequestError, match="has no '"):
            similar_items(catalogue, row, weights, k)
        return
    found = similar_items(catalogue, row, weights, k)
    assert list(found.missing) == lacking
    assert sum(found.shares.values()) == pytest.approx(1)
    expected = {other: score for score, other in slow_answer(catalogue, row, weights)}
    rows = found.item_rows.tolist()
    assert len(rows) == len(set(rows)) == min(k, len(expected))
    np.testing.assert_allclose(found.scores, [expected[other] for other in rows], atol=2e-6)
    # Mathematical ties may be parted by the last bit of a float32, so the order is held against the scores themselves.
    assert rows == [rows[place] for place in np.lexsort((rows, -found.scores))]
    left = [score for other, score in expected.items() if other not in rows]
    assert not left or not k or max(left) <= found.scores[-1] + 2e-6
    for name, cosines in found.cosines.items():
        assert (cosines.dtype, found.scores.dtype) == (np.float32, np.float32)
        by_loop = [slow_cosine(vectors[name][row].tolist(), vectors[name][other].tolist()) for other in rows]
        np.testing.assert_allclose(cosines, by_loop, atol=1e-6)


def test_equal_items_come_by_row_wherever_they_stand_in_the_matrix():
    """At these sizes a product of matrices gives equal rows different last bits, on the machine where it was tried."""
    random = np.random.default_rng(0)
    vectors = random.normal(size=(1947, 131))
    equal = np.sort(random.choice(len(vectors), 400, replace=False))
    vectors[equal] = vectors[equal[0]]
    found = similar_items(catalogue_of(vectors), int(equal[3]), {"behaviour": 1}, 399)
    assert found.item_rows.tolist() == [row for row in equal.tolist() if row != equal[3]]
    assert set(found.scores.tolist()) == {1.0}


def test_a_cosine_stays_within_one_when_a_length_is_a_little_more():
    long = replace(SHOP, tower=SHOP.tower * np.float32(1.000002))
    assert similar_items(long, 0, {"behaviour": 1}, 1).scores.tolist() == [1.0]


WORDS = [[1, 0], [1, 1], [0, 0], [-1, 0]]
LOOKS = [[0, 0], [1, 0], [1, 1], [0, 1]]
SHOP = catalogue_of([[1, 0], [0, 1], [1, 1], [1, 0]], words=WORDS, picture=LOOKS)


def test_what_another_item_lacks_is_neither_like_nor_unlike():
    found = similar_items(SHOP, 0, {"words": 1}, 9)
    assert found.item_rows.tolist() == [1, 2, 3]
    assert found.scores.tolist() == pytest.approx([math.sqrt(0.5), 0, -1], abs=1e-6)


def test_what_the_item_itself_lacks_gives_its_weight_to_the_others():
    found = similar_items(SHOP, 0, {"picture": 5, "words": 3, "behaviour": 1}, 9)
    assert found.missing == ("picture",)
    assert found.shares == {"words": 0.75, "behaviour": 0.25}
    alone = similar_items(SHOP, 0, {"words": 3, "behaviour": 1}, 9)
    np.testing.assert_array_equal(found.item_rows, alone.item_rows)
    np.testing.assert_array_equal(found.scores, alone.scores)


def test_an_item_without_what_is_asked_for_is_a_sentence_that_names_what_it_has():
    with pytest.raises(RequestError, match=r"'item-0' has no 'picture', .*; ask by what it has: behaviour, words\.$"):
        similar_items(SHOP, 0, {"picture": 1, "words": 0}, 3)
    bare = catalogue_of([[0, 0], [1, 0]], words=[[0], [1]])
    with pytest.raises(RequestError, match=r"no 'behaviour' and no 'words', .*it has nothing else either\.$"):
        similar_items(bare, 0, {"behaviour": 1, "words": 1}, 3)


def test_a_part_of_weight_zero_is_shown_and_does_not_count():
    found = similar_items(SHOP, 1, {"behaviour": 1, "picture": 0}, 9)
    np.testing.assert_array_equal(found.scores, similar_items(SHOP, 1, {"behaviour": 1}, 9).scores)
    assert found.cosines["picture"].tolist() == pytest.approx([math.sqrt(0.5), 0, 0], abs=1e-6)


@pytest.mark.parametrize("weights", [(1e308, 1e308), (5e-324, 5e-324), (1, 1)])
def test_weights_of_any_size_are_shares(weights):
    found = similar_items(SHOP, 1, dict(zip(("words", "picture"), weights, strict=True)), 9)
    assert found.shares == {"words": 0.5, "picture": 0.5}


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"colour": 1}, "Items cannot be compared by 'colour'; they can by: behaviour, words, picture."),
        ({"words": -1}, "The weight of 'words' is -1; a weight is a number of 0 or more."),
        ({"words": math.nan}, "The weight of 'words' is nan; a weight is a number of 0 or more."),
        ({"words": math.inf}, "The weight of 'words' is inf; a weight is a number of 0 or more."),
        ({"words": 0.0, "picture": 0.0}, "No part has a weight above 0; give one to at least one part."),
        ({}, "No part has a weight above 0; give one to at least one part."),
    ],
)
def test_a_wrong_mix_is_a_sentence(weights, sentence):
    with pytest.raises(RequestError) as refused:
        similar_items(SHOP, 0, weights, 3)
    assert str(refused.value) == sentence


def test_a_withdrawn_item_is_in_no_answer_and_can_still_be_asked_about():
    gone = replace(SHOP, allowed=np.array([True, False, True, False]))
    assert similar_items(gone, 0, {"behaviour": 1}, 9).item_rows.tolist() == [2]
    assert similar_items(gone, 3, {"behaviour": 1}, 9).item_rows.tolist() == [0, 2]


def test_an_item_that_came_later_is_found_at_once():
    new = replace(catalogue_of([[1, 0]], words=[[1, 0]], picture=[[1, 0]]), item_ids=("new",))
    after = SHOP.with_items(new)
    assert similar_items(after, 0, {"behaviour": 1}, 2).item_rows.tolist() == [3, 4]
    assert similar_items(after, 4, {"picture": 1}, 1).item_rows.tolist() == [1]
    assert similar_items(after.without(["item-1"]), 4, {"picture": 1}, 1).item_rows.tolist() == [2]


def test_the_only_item_has_none_like_it():
    found = similar_items(catalogue_of([[1, 0]]), 0, {"behaviour": 1}, 5)
    assert (found.item_rows.tolist(), found.scores.tolist(), found.cosines["behaviour"].tolist()) == ([], [], [])


def test_behaviour_means_the_tower_whatever_features_are_called():
    assert list(vectors_by_part(SHOP)) == ["behaviour", "words", "picture"]
    shadowed = replace(SHOP, vectors={"behaviour": SHOP.vectors["words"]})
    assert vectors_by_part(shadowed)["behaviour"] is SHOP.tower


class Counted(np.ndarray):
    """Counts the products that read it whole."""

    products = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **how):
        if ufunc is np.matmul and inputs[0].ndim == 2:
            self.products += 1
        plain = [each.view(np.ndarray) if isinstance(each, Counted) else each for each in inputs]
        return getattr(ufunc, method)(*plain, **how)


def test_every_matrix_of_the_mix_is_read_once_and_no_other():
    words, picture = SHOP.vectors["words"].view(Counted), SHOP.vectors["picture"].view(Counted)
    counting = replace(SHOP, vectors={"words": words, "picture": picture})
    similar_items(counting, 1, {"words": 1, "behaviour": 1}, 2)
    assert (words.products, picture.products) == (1, 0)


def test_no_matrix_is_copied():
    vectors = np.eye(64, dtype=np.float32)[np.arange(100_000) % 64]
    large = catalogue_of([[1]] * len(vectors), words=vectors, picture=vectors)
    assert large.all_allowed
    tracemalloc.start()
    similar_items(large, 0, {"words": 1, "picture": 1, "behaviour": 1}, 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    line = large.tower[:, 0].nbytes
    assert peak < 8 * line < large.vectors["words"].nbytes / 4

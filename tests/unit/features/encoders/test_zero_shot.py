import math

import numpy as np
import pytest

from winnow.features.encoders.zero_shot import TEXT_SCALE, zero_shot
from winnow.schema.errors import EncoderError

E = np.eye(4, dtype=np.float32)


def slow(items, labels, k, scale):
    """One item and one label at a time, as the formula is written."""
    answers = []
    for item in items:
        cosines = [
            sum(float(a) * float(b) for a, b in zip(item, label, strict=True)) / math.dist(item, [0] * len(item))
            for label in labels
        ]
        cosines = [
            each / math.sqrt(sum(float(a) ** 2 for a in label)) for each, label in zip(cosines, labels, strict=True)
        ]
        powers = [math.exp(scale * each) for each in cosines]
        best = sorted(range(len(labels)), key=lambda place: (-cosines[place], place))[:k]
        answers.append([(place, powers[place] / sum(powers), cosines[place]) for place in best])
    return answers


@pytest.mark.parametrize("scale", [1.0, TEXT_SCALE, 100.0])
@pytest.mark.parametrize("k", [1, 3, 7])
def test_it_is_the_softmax_of_cosines_as_a_slow_loop_computes_it(k, scale):
    chance = np.random.default_rng(k)
    items, labels = chance.normal(size=(9, 5)).astype(np.float32), chance.normal(size=(7, 5)).astype(np.float32)
    found = zero_shot(items, labels, k, scale)
    for row, wanted in enumerate(slow(items, labels, k, scale)):
        places, scores, cosines = zip(*wanted, strict=True)
        assert found.labels[row].tolist() == list(places)
        np.testing.assert_allclose(found.scores[row], scores, atol=1e-4)
        np.testing.assert_allclose(found.cosines[row], cosines, atol=1e-5)


def test_planted_labels_are_found_under_noise():
    chance = np.random.default_rng(0)
    labels, truth = chance.normal(size=(20, 64)), chance.integers(0, 20, 500)
    items = labels[truth] + 0.5 * chance.normal(size=(500, 64))
    assert (zero_shot(items, labels, 1).labels[:, 0] == truth).all()


def test_all_scores_of_an_item_add_up_to_one_and_fall():
    chance = np.random.default_rng(1)
    scores = zero_shot(chance.normal(size=(50, 8)), chance.normal(size=(6, 8)), 6).scores
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)
    assert (np.diff(scores, axis=1) <= 0).all()
    assert scores.dtype == np.float32


def test_labels_that_are_left_out_still_take_their_share():
    items, labels = E[:1], E
    assert zero_shot(items, labels, 1).scores == zero_shot(items, labels, 4).scores[:, :1]
    assert zero_shot(items, labels, 1, 1.0).scores[0, 0] == pytest.approx(math.e / (math.e + 3))


def test_lengths_of_vectors_do_not_matter():
    chance = np.random.default_rng(2)
    items, labels = chance.normal(size=(5, 8)), chance.normal(size=(4, 8))
    stretched = zero_shot(items * 1000, labels * [[0.01], [1], [7], [300]], 4)
    np.testing.assert_allclose(stretched.scores, zero_shot(items, labels, 4).scores, atol=1e-5)


def test_an_item_without_a_vector_gets_no_label_and_harms_no_other():
    found = zero_shot(np.stack([E[2], 0 * E[0], E[1]]), E, 2)
    assert found.labels[:, 0].tolist() == [2, -1, 1]
    assert found.labels[1].tolist() == [-1, -1]
    assert np.isnan(found.scores[1]).all()
    assert np.isnan(found.cosines[1]).all()
    np.testing.assert_array_equal(found.scores[[0, 2]], zero_shot(E[[2, 1]], E, 2).scores)


@pytest.mark.parametrize("num_labels", [3, 17, 130])
def test_labels_that_are_equally_near_come_in_their_order(num_labels):
    chance = np.random.default_rng(3)
    items, near = chance.normal(size=(40, 384)).astype(np.float32), chance.normal(size=384).astype(np.float32)
    far = np.arange(num_labels) % 3 == 1
    items *= np.sign(items @ near)[:, None]
    found = zero_shot(items, np.where(far[:, None], -near, near), num_labels)
    assert (found.labels == [*np.flatnonzero(~far), *np.flatnonzero(far)]).all()
    assert (found.scores[:, 0] == found.scores[:, (~far).sum() - 1]).all()


def test_one_label_is_certain_whatever_the_item():
    found = zero_shot(E, -E[:1], 3)
    assert found.labels.tolist() == [[0]] * 4
    assert (found.scores == 1).all()
    assert found.cosines[:, 0].tolist() == [-1, 0, 0, 0]


def test_more_suggestions_than_labels_are_as_many_as_there_are_labels():
    assert zero_shot(E, E[:2], 5).labels.shape == (4, 2)


def test_no_items_get_no_labels():
    assert zero_shot(E[:0], E, 3).labels.shape == (0, 3)


def test_a_steep_scale_does_not_overflow():
    assert zero_shot(E, E, 1, 1e6).scores.tolist() == [[1.0]] * 4


def test_a_steeper_scale_makes_first_suggestions_surer_and_changes_no_order():
    chance = np.random.default_rng(4)
    items, labels = chance.normal(size=(30, 8)), chance.normal(size=(5, 8))
    flat, steep = zero_shot(items, labels, 5, 5.0), zero_shot(items, labels, 5, 50.0)
    assert (steep.labels == flat.labels).all()
    assert (steep.scores[:, 0] > flat.scores[:, 0]).all()


def test_vectors_of_two_networks_are_refused():
    with pytest.raises(EncoderError, match="items have 4 numbers and those of labels 3; encode both with one network"):
        zero_shot(E, E[:, :3], 1)


def test_nothing_to_choose_from_is_refused():
    with pytest.raises(EncoderError, match="no labels to choose from"):
        zero_shot(E, E[:0], 1)


@pytest.mark.parametrize(("k", "scale"), [(0, 20.0), (1, 0.0), (1, -1.0), (1, float("nan"))])
def test_no_suggestions_or_no_scale_are_programming_errors(k, scale):
    with pytest.raises(ValueError, match="numbers over 0"):
        zero_shot(E, E, k, scale)

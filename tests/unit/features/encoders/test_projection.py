import numpy as np
import pytest
from sklearn.decomposition import PCA

from winnow.features.encoders.fit_projection import fit_projection
from winnow.schema.column import Masked
from winnow.schema.errors import EncoderError


def unit(rows, width, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(rows, width)) * np.linspace(3, 0.1, width) + 0.5
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def fitted(vectors, width=64):
    return fit_projection("test", [vectors], width)


def projected(projection, vectors):
    (made,) = projection(vectors)
    return made


@pytest.mark.parametrize("rows", [500, 12], ids=["more vectors than numbers", "fewer vectors than numbers"])
def test_components_are_those_of_scikit_learn(rows):
    vectors = unit(rows, 20)
    projection, oracle = fitted(vectors, 8), PCA(8, svd_solver="full").fit(vectors.astype(np.float64))
    np.testing.assert_allclose(projection.explained, oracle.explained_variance_ratio_, atol=1e-5)
    np.testing.assert_allclose(np.abs((projection.components * oracle.components_.T).sum(axis=0)), 1, atol=1e-5)
    np.testing.assert_allclose(projection.mean, vectors.mean(axis=0), atol=1e-6)


def test_output_is_float32_of_unit_length():
    made = projected(fitted(unit(100, 20), 8), unit(30, 20, seed=1))
    assert (made.shape, made.dtype) == ((30, 8), np.float32)
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-6)


def test_with_all_components_likeness_about_the_mean_is_kept():
    vectors = unit(100, 10)
    about = vectors - vectors.mean(axis=0)
    about /= np.linalg.norm(about, axis=1, keepdims=True)
    made = projected(fitted(vectors), vectors)
    np.testing.assert_allclose(made @ made.T, about @ about.T, atol=1e-5)


def test_missing_items_stay_missing_and_teach_nothing():
    vectors = unit(50, 10)
    with_gaps = np.insert(vectors, [0, 20], 0, axis=0)
    projection = fitted(with_gaps, 4)
    np.testing.assert_allclose(projection.components, fitted(vectors, 4).components, atol=1e-6)
    assert np.flatnonzero(~projected(projection, with_gaps).any(axis=1)).tolist() == [0, 21]


def test_pieces_of_any_size_give_the_same_as_the_whole():
    vectors = unit(300, 12)
    in_pieces = fit_projection("test", iter(np.split(vectors, [1, 100, 100])), 5)
    np.testing.assert_allclose(in_pieces.components, fitted(vectors, 5).components, atol=1e-5)


def test_the_same_vectors_give_the_same_bytes():
    assert fitted(unit(50, 10)).components.tobytes() == fitted(unit(50, 10)).components.tobytes()


def test_rows_do_not_depend_on_their_neighbours():
    projection, vectors = fitted(unit(100, 12), 4), unit(9000, 12, seed=3)
    whole, alone = projected(projection, vectors)[8191:8194], projected(projection, vectors[8191:8194])
    np.testing.assert_allclose(whole, alone, atol=1e-6)


@pytest.mark.parametrize(("rows", "dims", "wanted", "found"), [(5, 20, 64, 4), (100, 6, 64, 6), (2, 9, 64, 1)])
def test_few_items_or_few_numbers_give_a_narrower_output(rows, dims, wanted, found):
    projection = fitted(unit(rows, dims), wanted)
    assert projection.width == found
    assert projection.explained.sum() == pytest.approx(1, abs=1e-4)
    assert projected(projection, unit(7, dims, seed=2)).shape == (7, found)
    assert [(each.form, each.size) for each in projection.outputs("words")] == [("vector", found)]


def test_copies_of_a_few_vectors_give_no_more_directions_than_they_have():
    assert fitted(np.repeat(unit(3, 20), 50, axis=0)).width == 2


@pytest.mark.parametrize("vectors", [unit(1, 8), np.repeat(unit(1, 8), 9, axis=0), np.zeros((9, 8), np.float32)])
def test_vectors_that_do_not_differ_are_refused(vectors):
    with pytest.raises(EncoderError, match=r"at least two training items with different vectors; \d have one"):
        fitted(vectors)


def test_no_vectors_at_all_are_refused():
    with pytest.raises(EncoderError, match="0 have one"):
        fit_projection("test", [])


def test_vectors_of_another_encoder_are_refused():
    with pytest.raises(EncoderError, match=r"shape \[3, 9\] were given to a projection of width 8; encode with 'test'"):
        fitted(unit(20, 8))(unit(3, 9))


def test_no_items_give_no_rows():
    assert projected(fitted(unit(20, 8), 4), np.zeros((0, 8), np.float32)).shape == (0, 4)


def test_a_column_that_nobody_has_is_missing_in_every_row():
    nothing = Masked(np.zeros(5), np.zeros(5, bool))
    assert projected(fitted(unit(20, 8), 4), nothing).tolist() == np.zeros((5, 4)).tolist()

"""Text vectors against scikit-learn's own pipeline."""

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from winnow.features.fit_text import fit_text
from winnow.features.text_vectors import words_of
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.transform import TextVector

VOCABULARY = [f"word{n}" for n in range(60)]


def texts(number: int, seed: int) -> list[str]:
    generator = np.random.default_rng(seed)
    return [" ".join(generator.choice(VOCABULARY, generator.integers(1, 20))) for _ in range(number)]


def fit(documents: list[str | None], **settings: int):
    transform = TextVector(**settings)
    feature = Feature(name="words", entity=Entity.ITEM, kind=Kind.TEXT, transform=transform)
    return fit_text(feature, transform, documents)


def test_unseen_texts_get_the_vectors_that_scikit_learn_would_give():
    documents, unseen = texts(80, seed=0), texts(40, seed=1)
    tfidf = TfidfVectorizer(analyzer=words_of, sublinear_tf=True)
    svd = TruncatedSVD(16, n_iter=7, random_state=0).fit(tfidf.fit_transform(documents))
    wanted = normalize(svd.transform(tfidf.transform(unseen)))
    (vectors,) = fit(documents, width=16)(np.array(unseen, object))
    # The sign of a singular vector is a matter of taste, so inner products are compared.
    np.testing.assert_allclose(vectors @ vectors.T, wanted @ wanted.T, atol=1e-5)


def test_known_words_give_unit_vectors_and_unknown_words_zero():
    (vectors,) = fit(texts(30, seed=0), width=8)(np.array(["word1 WORD2!", "nothing known", "", None], object))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0, 0], atol=1e-6)
    assert vectors.dtype == np.float32


@pytest.mark.parametrize("documents", [["red shoe"], ["red", "red", "red"], ["red shoe", "blue shoe", None]])
def test_few_texts_fill_what_they_can_and_leave_the_rest_zero(documents):
    fitted = fit(documents, width=8)
    (vectors,) = fitted(np.array(documents, object))
    assert vectors.shape == (len(documents), 8)
    there = [text is not None for text in documents]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), there, atol=1e-6)


def test_what_is_explained_is_the_share_of_the_squared_lengths_that_is_left():
    documents = texts(80, seed=0)
    weights = TfidfVectorizer(analyzer=words_of, sublinear_tf=True).fit_transform(documents).toarray()
    _, _, directions = np.linalg.svd(weights, full_matrices=False)
    kept = (weights @ directions[:16].T) ** 2
    assert fit(documents, width=16).explained == pytest.approx(kept.sum() / (weights**2).sum(), abs=1e-4)
    assert fit(documents, width=64).explained == pytest.approx(1, abs=1e-5)


def test_only_the_most_frequent_words_are_kept():
    fitted = fit(["common rare", "common", "common other"], width=2, max_words=1)
    assert fitted.words == ("common",)


def test_the_same_texts_give_the_same_bits():
    first, second = (fit(texts(50, seed=3), width=8) for _ in range(2))
    assert first.projection.tobytes() == second.projection.tobytes()


def test_a_column_without_words_is_named():
    with pytest.raises(SchemaError, match="column 'words' of the item feature 'words' has no word of two letters"):
        fit(["", "!", None])


def test_words_are_lower_case_and_of_two_letters_or_more():
    assert words_of("A Größe-42 t-shirt, ÉTÉ x") == ["größe", "42", "shirt", "été"]

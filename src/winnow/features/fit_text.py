"""Fits text vectors with scikit-learn. A leaf: serving never imports it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from winnow.features.text_vectors import TextVectors, words_of
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Feature
from winnow.schema.transform import TextVector

_NOISE = 1e-6


# The matrices are narrow: on a busy machine threads wait for one another ten times as long as they work.
@threadpool_limits.wrap(limits=1, user_api="blas")
def fit_text(feature: Feature, transform: TextVector, texts: Iterable[str | None]) -> TextVectors:
    """Text vectors of the given width; the same texts give the same result.

    Raises:
        SchemaError: no text has a word.
    """
    documents = [text for text in texts if text is not None and words_of(text)]
    if not documents:
        raise SchemaError(
            f"The column '{feature.column}' of the {feature.entity} feature '{feature.name}' has no word of two "
            "letters or more in any row; mend it, or leave the feature out."
        )
    settings: dict[str, Any] = {"analyzer": words_of, "max_features": transform.max_words, "sublinear_tf": True}
    tfidf = TfidfVectorizer(**settings)
    weights = tfidf.fit_transform(documents)
    rank = min(transform.width, *weights.shape)
    precise: dict[str, Any] = {"n_iter": 7, "random_state": 0}
    _, strengths, directions = randomized_svd(weights, rank, **precise)
    projection = np.zeros((weights.shape[1], transform.width), np.float32)
    projection[:, :rank] = directions.T * tfidf.idf_[:, None]
    # Directions without strength are rounding noise; fewer texts than `width` have such.
    projection[:, :rank][:, strengths < _NOISE * strengths[0]] = 0
    return TextVectors(
        words=tuple(tfidf.get_feature_names_out().tolist()),
        projection=projection,
        # Each text's TF-IDF vector is of length 1, so their squared lengths sum to the number of texts.
        explained=float(min(1.0, (strengths**2).sum() / len(documents))),
    )

"""Counts categories."""

import ibis

from winnow.features.rows import Rows
from winnow.features.texts import category_text
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.feature import Feature
from winnow.schema.transform import Vocabulary


def fit_vocabulary(feature: Feature, transform: Vocabulary, rows: Rows) -> VocabularyCodes:
    """The known values, the most frequent first, ties by value."""
    values = rows.of(feature.column).select(value=feature.column).drop_null()
    counts = values.group_by("value").aggregate(count=values.count())
    kept = counts.filter(ibis._["count"] >= transform.min_count).order_by([ibis.desc("count"), "value"])
    texts = map(category_text, rows.answer(kept)["value"].to_pylist())
    known = [text for text in dict.fromkeys(texts) if text is not None]
    return VocabularyCodes(known=tuple(known[: transform.max_size]))

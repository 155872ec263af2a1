"""Texts to unit vectors: TF-IDF and truncated SVD, applied in NumPy."""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from winnow.features.output import Output
from winnow.features.texts import texts_of
from winnow.schema.column import Array, Column

_WORD = re.compile(r"\w\w+")
_NOISE = 1e-6


def words_of(text: str) -> list[str]:
    """The words of a text in order, in lower case, of two letters or digits and more."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextVectors:
    """Fitted `TextVector`.

    Attributes:
        words: the known words.
        projection: float32 [number of words, width], the idf of each word times its place in the truncated space.
        explained: share of the squared length of the fitted texts' TF-IDF vectors that the space holds, 0 to 1.
    """

    words: tuple[str, ...]
    projection: Array
    explained: float
    _row_of: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_row_of", {word: row for row, word in enumerate(self.words)})

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "vector", self.projection.shape[1]),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        texts = texts_of(column)
        vectors = np.zeros((len(texts), self.projection.shape[1]), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            if text is not None:
                self._write(text, vector)
        return (vectors,)

    def _write(self, text: str, vector: Array) -> None:
        counts = Counter(word for word in words_of(text) if word in self._row_of)
        if not counts:
            return
        weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        place = weights @ self.projection[[self._row_of[word] for word in counts]]
        length = np.sqrt(place @ place)
        if length > _NOISE:
            vector[:] = place / length

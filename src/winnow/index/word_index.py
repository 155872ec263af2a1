"""Words of texts, each with the rows that hold it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from winnow.schema.column import Array

pc: Any = pyarrow.compute
"""Its functions are made when Arrow starts, where no type checker sees them."""
LAST = "\U0010ffff"
"""Comes after everything that may follow a beginning."""
TEXT = pa.large_string()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordIndex:
    """All words in order, so that those with one beginning stand together, and so do their rows.

    Attributes:
        words: W words as `plain_words` writes them, in order.
        offsets: int64 [W + 1]; rows of word `w` are `rows[offsets[w]:offsets[w + 1]]`.
        rows: int32, rising for each word; one that holds a word twice comes twice.
    """

    words: tuple[str, ...]
    offsets: Array
    rows: Array

    @staticmethod
    def of(pieces: Iterable[Sequence[str]]) -> "WordIndex":
        """Of N texts, which come in pieces. Arrow and NumPy let go of Python's lock: requests go on meanwhile."""
        parts, lengths = list[Any](), [np.empty(0, np.int64)]
        for piece in pieces:
            words = _words(pa.array(piece, TEXT))
            # Codes at once: the words themselves, of all texts together, would take many times the room.
            parts.append(words.flatten().dictionary_encode())
            lengths.append(np.asarray(pc.list_value_length(words)))
        said = pa.chunked_array(parts, pa.dictionary(pa.int32(), TEXT)).unify_dictionaries()
        if not len(said):
            return WordIndex(words=(), offsets=np.zeros(1, np.int64), rows=np.empty(0, np.int32))
        known = said.chunk(0).dictionary
        order = np.asarray(pc.array_sort_indices(known))
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        codes = place[np.concatenate([np.asarray(each.indices) for each in said.chunks])]
        rows = np.repeat(np.arange(sum(map(len, lengths)), dtype=np.int32), np.concatenate(lengths))
        return WordIndex(
            words=tuple(known.take(pa.array(order)).to_pylist()),
            offsets=np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(order)))]),
            rows=rows[np.argsort(codes, kind="stable")],
        )

    def beginning(self, word: str) -> Array:
        """int32, the rows that hold a word that begins so, in any order, some more than once."""
        first, last = bisect_left(self.words, word), bisect_left(self.words, word + LAST)
        return self.rows[self.offsets[first] : self.offsets[last]]


def plain_words(text: str) -> list[str]:
    """The words of a text: letters and digits in small letters, without accents."""
    return [word for word in _words(pa.array([text], TEXT))[0].as_py() if word]


def _words(texts: pa.Array) -> pa.Array:
    """Lists of words; of a text without words, one that is empty."""
    small = pc.utf8_normalize(pc.utf8_lower(texts), form="NFKD")
    bare = pc.replace_substring_regex(small, pattern=r"\pM+", replacement="")
    spaced = pc.replace_substring_regex(bare, pattern=r"[^\pL\pN]+", replacement=" ")
    return pc.split_pattern(pc.utf8_trim_whitespace(spaced), pattern=" ")

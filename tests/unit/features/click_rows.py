"""Rows of clicks by hand, and any rows for property tests."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st


@dataclass(frozen=True)
class Rows:
    numbers: np.ndarray
    number_names: tuple[str, ...]
    categories: pa.Table


def rows_of(numbers, **categories):
    """`numbers`: lists by row; `categories`: texts by column."""
    matrix = np.array(numbers, np.float32)
    names = tuple("xyz"[: matrix.shape[1]])
    texts = {name: pa.array(values, pa.string()).dictionary_encode() for name, values in categories.items()}
    return Rows(matrix, names, pa.table(texts))


NUMBER = st.floats(-1e6, 1e6, width=32) | st.just(float("nan"))
TEXT = st.none() | st.sampled_from(["a", "b", "c", "d", "é", "10", "9"])
ROWS = st.lists(st.tuples(NUMBER, NUMBER, TEXT, TEXT), min_size=1, max_size=20).map(
    lambda rows: rows_of([row[:2] for row in rows], a=[row[2] for row in rows], b=[row[3] for row in rows])
)

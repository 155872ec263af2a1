"""FAISS, as it is called.

Its number of threads is left alone: a single query is searched in one anyway, and the setting is one for the whole
process, PyTorch's included.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import faiss
import numpy as np

from winnow.schema.column import Array

# SWIG declares the C++ signatures; those of the Python layer above are what is called here.
FAISS: Any = faiss


@contextmanager
def one_thread() -> Generator[None]:
    """For what would come out differently in several; afterwards there are as many as before."""
    before = FAISS.omp_get_max_threads()
    FAISS.omp_set_num_threads(1)
    try:
        yield
    finally:
        FAISS.omp_set_num_threads(before)


def search_lists(ivf: Any, queries: Array, num: int, parameters: Any) -> tuple[Array, Array]:
    """Rows int64 and scores float32 [B, num], as `ivf.search` finds them.

    The layer that prepares the arguments of `search` is left out: it takes 3 us, where a search of 100,000 items takes
    80.

    Args:
        ivf: an IndexIVF of width D.
        queries: float32 [B, D], C-contiguous; of any other width, memory beyond them would be read.
        num: rows wanted, at least 1.
        parameters: for FAISS.
    """
    rows, scores = np.empty((len(queries), num), np.int64), np.empty((len(queries), num), np.float32)
    found = FAISS.swig_ptr(scores), FAISS.swig_ptr(rows)
    ivf.search_c(len(queries), FAISS.swig_ptr(queries), num, *found, parameters)
    return rows, scores

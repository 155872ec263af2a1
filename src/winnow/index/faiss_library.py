"""FAISS, as it is called.

Its number of threads is left alone: a single query is searched in one anyway, and the setting is one for the whole
process, PyTorch's included.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import faiss
import numpy as np

from winnow.index.best_rows import LOWEST
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


def over_bytes(file: Array) -> Any:
    """The index of a FAISS file that is in memory, uint8 [size]; its vectors and lists stay there and are read-only.

    NumPy asks the system for large pages, where FAISS has each list allocated: a search finds its way in less time.

    Raises:
        RuntimeError: FAISS cannot read it.
    """
    index = FAISS.read_index(FAISS.ZeroCopyIOReader(FAISS.swig_ptr(file), len(file)))
    index.referenced_objects = [file]  # FAISS only points to it
    return index


def over(ivf: Any, lists: Any) -> Any:
    """An IndexIVFFlat with the centroids of another one, over any lists."""
    made = FAISS.IndexIVFFlat(ivf.quantizer, ivf.d, ivf.nlist, FAISS.METRIC_INNER_PRODUCT)
    made.own_fields = False
    made.is_trained = True
    made.replace_invlists(lists, False)
    made.ntotal = ivf.ntotal
    made.referenced_objects = [ivf, lists]  # FAISS only points to them
    return made


def unordered(ivf: Any) -> Any:
    """An IndexIVFFlat for `search_lists`, over the lists of another one; FAISS then leaves all order to the caller."""
    made = over(ivf, ivf.invlists)
    made.parallel_mode = made.PARALLEL_MODE_NO_HEAP_INIT
    return made


def search_lists(ivf: Any, queries: Array, num: int, parameters: Any) -> tuple[Array, Array]:
    """Rows int64 and scores float32 [B, num], best first, ties as they come, -1 where FAISS meets fewer.

    FAISS gathers the best in a heap, and takes 13 us to empty one of 300 in order; NumPy orders as many in 8. The layer
    that prepares the arguments of `ivf.search` is left out as well, which takes 3 us, where a search of 100,000 items
    takes 80.

    Args:
        ivf: made by `unordered`, of width D.
        queries: float32 [B, D], C-contiguous; of any other width, memory beyond them would be read.
        num: rows wanted, at least 1.
        parameters: for FAISS.
    """
    rows, scores = np.empty((len(queries), num), np.int64), np.empty((len(queries), num), np.float32)
    # What FAISS takes for an empty heap; what it does not replace stays, and comes last.
    rows.fill(-1)
    scores.fill(LOWEST)
    heap = FAISS.swig_ptr(scores), FAISS.swig_ptr(rows)
    ivf.search_c(len(queries), FAISS.swig_ptr(queries), num, *heap, parameters)
    order = scores.argsort()[:, ::-1]
    if len(queries) == 1:  # the other way takes 10 us more
        return rows.take(order), scores.take(order)
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)

"""FAISS, as it is called.

Its number of threads is left alone: a single query is searched in one anyway, and the setting is one for the whole
process, PyTorch's included.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import faiss

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

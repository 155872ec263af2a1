"""FAISS, with one thread for each search."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import faiss

# SWIG declares the C++ signatures; those of the Python layer above are what is called here.
FAISS: Any = faiss
# A server answers single queries in several workers, and threads inside one search only get in their way: FAISS keeps
# its threads for building. The setting is one for the whole process.
BUILD_THREADS: int = FAISS.omp_get_max_threads()
FAISS.omp_set_num_threads(1)


@contextmanager
def all_threads() -> Generator[None]:
    """For building."""
    FAISS.omp_set_num_threads(BUILD_THREADS)
    try:
        yield
    finally:
        FAISS.omp_set_num_threads(1)

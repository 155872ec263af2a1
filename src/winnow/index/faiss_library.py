"""FAISS, as it is called.

Its number of threads is left alone: a single query is searched in one anyway, and the setting is one for the whole
process, PyTorch's included.
"""

from typing import Any

import faiss

# SWIG declares the C++ signatures; those of the Python layer above are what is called here.
FAISS: Any = faiss

"""Vectors in, nearest items out: one Protocol, an exact leaf in NumPy and an approximate one in FAISS."""

"""The most frequent words of a column, for messages."""

import pyarrow as pa

WORDS_SHOWN = 5


def counted_words(values: pa.ChunkedArray) -> str:
    """Such as "checkout 8, missing 1", at most five words, the most frequent first."""
    counts = sorted(values.value_counts().to_pylist(), key=lambda each: -each["counts"])
    return ", ".join(f"{each['values'] or 'missing'} {each['counts']:,}" for each in counts[:WORDS_SHOWN])

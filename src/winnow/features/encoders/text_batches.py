"""Texts through a network, in batches of like length."""

from collections.abc import Callable, Sequence

import numpy as np

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.unit_length import unit_length
from winnow.schema.column import Array
from winnow.schema.progress import Progress


def text_batches(
    network: Callable[[list[str]], Array], contents: Sequence[str], width: int, batch_size: int, progress: Progress
) -> Encoded:
    """One unit vector for each text; a text that is empty or no Unicode is missing.

    The longest go first: texts of like length waste little on padding, and memory is known after the first batch.

    Args:
        network: texts to vectors [n, D] of any length.
        contents: N texts.
        width: D.
        batch_size: how many texts the network gets at once.
        progress: hears of each batch.
    """
    vectors = np.zeros((len(contents), width), np.float32)
    problems = {place: problem for place, text in enumerate(contents) if (problem := _problem(text))}
    places = sorted(set(range(len(contents))) - problems.keys(), key=lambda place: (-len(contents[place]), place))
    for start in range(0, len(places), batch_size):
        batch = places[start : start + batch_size]
        vectors[batch] = unit_length(network([contents[place] for place in batch]))
        progress("texts encoded", start + len(batch), len(places))
    return Encoded(vectors=vectors, problems=problems)


def _problem(text: str) -> str | None:
    if not text.strip():
        return "The text is empty."
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"The text holds half of a character at position {error.start}, which cannot be read; send it whole."
    return None

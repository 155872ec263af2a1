"""The word that comes most often in a window of time. Training and serving both ask here."""

import numpy as np

from winnow.schema.column import Array


def top_words(words: Array, ages: Array, offsets: Array, over_s: float) -> Array:
    """The most frequent word of each row; ties go to the word that came last.

    Args:
        words: int64 [M], numbers of words from 0, oldest event first; -1 for an event without one, which does not
            count.
        ages: float64 [M], seconds from each event to the instant; those of 0 and less do not count.
        offsets: int64 [B + 1], where the events of each row begin.
        over_s: how old an event may be, above 0.

    Returns:
        int64 [B], -1 where no event counts.
    """
    top = np.full(len(offsets) - 1, -1, np.int64)
    counted = np.flatnonzero((words >= 0) & (ages > 0) & (ages <= over_s))
    if not len(counted):
        return top
    width = int(words.max()) + 1
    keys = np.repeat(np.arange(len(top)), np.diff(offsets))[counted] * width + words[counted]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    ends = np.flatnonzero(_ends(keys))
    keys, counts, latest = keys[ends], np.diff(ends, prepend=-1), order[ends]
    rows, found = np.divmod(keys, width)
    best = np.lexsort((latest, counts, rows))
    best = best[_ends(rows[best])]
    top[rows[best]] = found[best]
    return top


def _ends(values: Array) -> Array:
    """bool [N], where a run of equal values ends; N is at least 1."""
    return np.append(values[1:] != values[:-1], True)

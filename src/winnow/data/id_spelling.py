"""Ids that two tables write in two ways."""

import pyarrow as pa

from winnow.data.arrow_compute import pc

WHOLE_FLOAT = r"^[-+]?(0|[1-9][0-9]*)\.0+$"


def spelling_hint(unknown: pa.ChunkedArray, known: pa.ChunkedArray) -> str:
    """Such as " ('98.0' may be its '98')", for an unknown id that is known when written in another way; "" for none.

    Ways: capital letters, spaces around, zeros before, `.0` behind.
    """
    mine, theirs = unknown.drop_null().unique(), known.unique()
    places = pc.index_in(_simplest(mine), _simplest(theirs))
    matched = pc.indices_nonzero(pc.is_valid(places))
    if not len(matched):
        return ""
    first = matched[0].as_py()
    return f" ('{mine[first]}' may be its '{theirs[places[first].as_py()]}')"


def without_zero_fraction(ids: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Text ids that are all whole numbers with `.0` behind, without it; None where one of them is something else."""
    present = ids.drop_null()
    if not len(present) or not pc.match_substring_regex(present[:1], WHOLE_FLOAT)[0].as_py():
        return None
    if not pc.all(pc.match_substring_regex(present, WHOLE_FLOAT)).as_py():
        return None
    return pc.replace_substring_regex(ids, r"\.0+$", "")


def _simplest(ids: pa.Array) -> pa.Array:
    text = pc.utf8_lower(pc.utf8_trim_whitespace(ids))
    text = pc.replace_substring_regex(text, r"\.0+$", "")
    return pc.replace_substring_regex(text, r"^0+([^.])", r"\1")

"""Titles and descriptions of the simulated shop: a grammar that says what an item is and what it is for.

Words tell category, style, colour, material, mood and occasion. Pattern and shade are for the picture to tell.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.shop.items import Items
from winnow.data.shop.row_draws import RowDraws
from winnow.data.shop.synonyms import SYNONYMS
from winnow.schema.column import Array

TITLES = (
    "{^mood} {colour} {material} {style} {occasion}",
    "{^style} in {colour} {material}, {mood}, {occasion}",
    "{^mood} {style} {occasion} in {colour} {material}",
    "{^colour} {material} {style}: {mood}, {occasion}",
)
DESCRIPTIONS = (
    "{^a mood} {style} in {colour}, made of {material}. From our {category} department, {occasion}.",
    "This {colour} {style} is made of {material}, {mood} and right {occasion}. Find it in our {category} department.",
    "{^mood} and made of {material}: {a style} in {colour}. Our {category} department chose it {occasion}.",
    "From our {category} department: {a mood} {style} {occasion}, in {colour} and made of {material}.",
    "{^occasion}: {a colour} {style}, made of {material}. {^a mood} find from our {category} department.",
)
SLOT = re.compile(r"\{(\^?(?:a )?)(\w+)\}")


def titles(items: Items, seed: int, rows: slice = slice(None)) -> pa.Array:
    """Text [I], a name for each item, such as `Quiet teal linen rocker for work`.

    Args:
        items: the items.
        seed: of the shop.
        rows: which of them; what an item is called does not depend on it.
    """
    return _texts(TITLES, items, RowDraws(seed, "titles", len(items), rows))


def descriptions(items: Items, seed: int, rows: slice = slice(None)) -> pa.Array:
    """Text [I], one or two sentences on each item; arguments as for `titles`."""
    return _texts(DESCRIPTIONS, items, RowDraws(seed, "descriptions", len(items), rows))


def _texts(forms: Sequence[str], items: Items, draws: RowDraws) -> pa.Array:
    """All rows of one form together, then back into their order."""
    form, rows = draws.choice(len(forms)), draws.rows
    spoken = {name: (getattr(items, name)[rows], draws.choice(len(SYNONYMS[name][0]))) for name in SYNONYMS}
    parts, places = list[pa.Array](), list[Array]()
    for code, each in enumerate(forms):
        place = np.flatnonzero(form == code)
        parts.append(_filled(each, {name: (codes[place], way[place]) for name, (codes, way) in spoken.items()}))
        places.append(place)
    back = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_arrays(parts).take(pa.array(back))


def _filled(form: str, spoken: dict[str, tuple[Array, Array]]) -> pa.Array:
    start, pieces = 0, list[pa.Array | pa.Scalar]()
    for slot in SLOT.finditer(form):
        codes, way = spoken[slot[2]]
        words = _fragments(slot[2], slot[1], form[start : slot.start()])
        pieces.append(words.take(pa.array(codes.astype(np.int32) * len(SYNONYMS[slot[2]][0]) + way)))
        start = slot.end()
    return pc.binary_join_element_wise(*pieces, pa.scalar(form[start:]), "")


@cache
def _fragments(name: str, dress: str, before: str) -> pa.Array:
    """Every word of a group in every way to say it, with the part of the form that stands before it."""
    return pa.array([before + _dressed(word, dress) for ways in SYNONYMS[name] for word in ways])


def _dressed(word: str, dress: str) -> str:
    article = "" if "a" not in dress else "an " if word[0] in "aeiou" else "a "
    text = article + word
    return text[0].upper() + text[1:] if "^" in dress else text

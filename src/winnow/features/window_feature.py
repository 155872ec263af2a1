"""A window of the schema over the items of a bundle."""

from dataclasses import dataclass

import numpy as np

from winnow.features.fitted import FittedFeatures
from winnow.features.top_words import top_words
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Array, Masked
from winnow.schema.schema import Schema
from winnow.schema.transform import FIRST_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFeature:
    """How one raw column of the context is computed.

    Attributes:
        column: its name.
        types: event types that count.
        over_s: seconds that the window reaches back.
        last_events: so many of the last events of these types are looked at.
        place: of the counted item feature among the columns of items' codes.
        words: what its codes stand for, from `FIRST_CODE` on.
    """

    column: str
    types: tuple[str, ...]
    over_s: float
    last_events: int
    place: int
    words: tuple[str, ...]

    def top(self, codes: Array, ages: Array, offsets: Array) -> Array:
        """int64 [B], place in `words` of what each row did most with, -1 for nothing.

        Args:
            codes: [M], the item's code at each event of these types; what has no word does not count.
            ages: float64 [M], seconds before the instant.
            offsets: int64 [B + 1].
        """
        return top_words(np.maximum(codes.astype(np.int64) - FIRST_CODE, -1), ages, offsets, self.over_s)

    def raw(self, top: Array) -> Masked:
        """The raw column, from what `top` gives."""
        return Masked(np.array([*self.words, None], object)[top], top >= 0)


def window_features(schema: Schema, items: FittedFeatures) -> tuple[WindowFeature, ...]:
    """Of each window of the schema; a window over words that no item has is always missing, and left out.

    Args:
        schema: of the whole shop.
        items: fitted features of the items.
    """
    coded = [each for each in items.features for output in each.outputs if output.form == "code"]
    known = {
        each.name: (place, each.transform.known)
        for place, each in enumerate(coded)
        if isinstance(each.transform, VocabularyCodes)
    }
    return tuple(
        WindowFeature(
            column=name,
            types=each.types,
            over_s=each.over_s,
            last_events=each.last_events,
            place=place,
            words=words,
        )
        for name, each in schema.windows.items()
        if each.of in known
        for place, words in [known[each.of]]
    )

"""Categories of items, by the codes that models read."""

from dataclasses import dataclass

import numpy as np

from winnow.features.fitted import FittedFeatures
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import FIRST_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCategories:
    """The item features of kind category that have a vocabulary.

    Attributes:
        columns: of each, its place among the columns of the catalogue's `codes`.
        known: of each, the values that have codes, in the order of the codes.
    """

    columns: tuple[int, ...] = ()
    known: tuple[tuple[str, ...], ...] = ()

    @staticmethod
    def of(schema: Schema, fitted: FittedFeatures) -> "ItemCategories":
        """From the fitted features of the items."""
        kinds = {each.name: each.kind for each in schema.of(Entity.ITEM)}
        coded = [each for each in fitted.features for output in each.outputs if output.form == "code"]
        found = {
            place: each.transform.known
            for place, each in enumerate(coded)
            if isinstance(each.transform, VocabularyCodes) and kinds.get(each.name) is Kind.CATEGORY
        }
        return ItemCategories(columns=tuple(found), known=tuple(found.values()))

    def having(self, codes: Array, value: str) -> Bools:
        """Whether each item has the value in any of the features.

        Args:
            codes: int32 [I, Fc], of the catalogue.
            value: the text of a value; one that training has not seen is nobody's.
        """
        having = np.zeros(len(codes), bool)
        for column, known in zip(self.columns, self.known, strict=True):
            if value in known:
                having |= codes[:, column] == FIRST_CODE + known.index(value)
        return having

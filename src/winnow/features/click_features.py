"""Rows of a table of clicks to the arrays that a ranker reads, the same in training and in serving."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.features.click_rows import ClickRows
from winnow.features.distinct_values import distinct_values
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.fitted import FittedFeatures
from winnow.features.fitted_transform import FittedTransform
from winnow.features.saved_features import load_fitted, save_fitted
from winnow.schema.column import Array
from winnow.schema.errors import SchemaError
from winnow.schema.transform import MISSING_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickFeatures:
    """What was learnt from the training rows.

    Attributes:
        fitted: a feature for each column: first `SignedLogNumber` of the numbers, then `TailCodes` of the categories. A
            service that gets one row as JSON can call it by itself.
    """

    fitted: FittedFeatures

    @property
    def value_names(self) -> tuple[str, ...]:
        """What each column of the values is: I1, I1_missing, I2, ..."""
        return tuple(output.name for output in self.fitted.outputs if output.form == "value")

    @property
    def code_sizes(self) -> dict[str, int]:
        """How many codes each column has, numbers (I1_whole, ...) before categories; its codes are below that."""
        return {output.name: output.size for output in self.fitted.outputs if output.form == "code"}

    def __call__(self, rows: ClickRows) -> FeatureArrays:
        """Model arrays of N rows.

        Returns:
            values float32 [N, 2 numbers], each number followed by whether it is missing (1.0, the number then being
            0.0); codes int32 [N, numbers + categories], 0 where missing, else from 1 to below `code_sizes`; no vectors.

        Raises:
            SchemaError: the rows have other columns than those it was fitted on.
        """
        self._check(rows)
        split = len(rows.number_names)
        numbers, categories = self.fitted.features[:split], self.fitted.features[split:]
        values = np.empty((len(rows.numbers), 2 * split), np.float32)
        codes = np.empty((len(values), split + len(categories)), np.int32)
        for place, feature in enumerate(numbers):
            made = feature.transform(rows.numbers[:, place])
            values[:, 2 * place], values[:, 2 * place + 1], codes[:, place] = made
        for place, feature in enumerate(categories, split):
            codes[:, place] = _codes(feature.transform, rows.categories[feature.column])
        return FeatureArrays(codes=codes, values=values, vectors={})

    def save(self, folder: Path) -> None:
        """Write `features.json` and `features.npz` into an existing folder; equal features give equal bytes."""
        save_fitted(self.fitted, folder)

    @classmethod
    def load(cls, folder: Path) -> "ClickFeatures":
        """The same features again; their arrays are equal to the bit.

        Raises:
            BundleError: a file is absent, damaged or made by another version.
        """
        return cls(fitted=load_fitted(folder))

    def _check(self, rows: ClickRows) -> None:
        there = (*rows.number_names, *rows.categories.column_names)
        if there != (wanted := tuple(feature.column for feature in self.fitted.features)):
            raise SchemaError(
                f"The rows have the columns {', '.join(there)}; the features were fitted on {', '.join(wanted)}. Read "
                "the table with the form that was used in training."
            )


def _codes(transform: FittedTransform, column: pa.ChunkedArray) -> Array:
    """int32 [N]. No row's code depends on another row, so each value is coded once and not in each of its rows."""
    distinct = distinct_values(column)
    (codes,) = transform(distinct.values)
    return np.append(codes, np.int32(MISSING_CODE))[distinct.places]

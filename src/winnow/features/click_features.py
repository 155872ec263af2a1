"""Rows of a table of clicks to the arrays that a ranker reads, the same in training and in serving."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.features.click_rate import USUAL, ClickRate
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
        fitted: a feature for each column: first `SignedLogNumber` of the numbers, then `TailCodes` of the categories,
            then `ClickRate` of the categories where labels were known. A service that gets one row as JSON can call it
            by itself.
    """

    fitted: FittedFeatures

    @property
    def value_names(self) -> tuple[str, ...]:
        """What each column of the values is: I1, I1_missing, I2, ..., C1_rate, ..."""
        return tuple(output.name for output in self.fitted.outputs if output.form == "value")

    @property
    def code_sizes(self) -> dict[str, int]:
        """How many codes each column has, numbers (I1_whole, ...) before categories; its codes are below that."""
        return {output.name: output.size for output in self.fitted.outputs if output.form == "code"}

    @property
    def rates(self) -> int:
        """How many of the values, the last ones, are click rates: one of each category, or none."""
        return sum(isinstance(feature.transform, ClickRate) for feature in self.fitted.features)

    def __call__(self, rows: ClickRows) -> FeatureArrays:
        """Model arrays of N rows.

        Returns:
            values float32 [N, 2 numbers + rates], each number followed by whether it is missing (1.0, the number then
            being 0.0), then the click rates, in which the rows' own labels are if it was fitted on them; codes int32
            [N, numbers + categories], 0 where missing, else from 1 to below `code_sizes`; no vectors.

        Raises:
            SchemaError: the rows have other columns than those it was fitted on.
        """
        self._check(rows)
        split = len(rows.number_names)
        end = split + rows.categories.num_columns
        numbers, categories = self.fitted.features[:split], self.fitted.features[split:end]
        values = np.empty((len(rows.numbers), len(self.value_names)), np.float32)
        codes = np.empty((len(values), end), np.int32)
        for place, feature in enumerate(numbers):
            made = feature.transform(rows.numbers[:, place])
            values[:, 2 * place], values[:, 2 * place + 1], codes[:, place] = made
        for place, feature in enumerate(categories, split):
            codes[:, place] = _said(feature.transform, rows.categories[feature.column], MISSING_CODE)
        for place, feature in enumerate(self.fitted.features[end:], 2 * split):
            values[:, place] = _said(feature.transform, rows.categories[feature.column], USUAL)
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
        if there != (wanted := self.fitted.columns):
            raise SchemaError(
                f"The rows have the columns {', '.join(there)}; the features were fitted on {', '.join(wanted)}. Read "
                "the table with the form that was used in training."
            )


def _said(transform: FittedTransform, column: pa.ChunkedArray, missing: float) -> Array:
    """[N]. What is said of a row depends on no other, so each value is asked for once and not in each of its rows."""
    distinct = distinct_values(column)
    (said,) = transform(distinct.values)
    return np.append(said, said.dtype.type(missing))[distinct.places]

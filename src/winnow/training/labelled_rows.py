"""Rows of a table of clicks as tensors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from winnow.data.click_table import ClickTable
from winnow.features.click_features import ClickFeatures
from winnow.features.cross_fitted_rates import cross_fitted_rates
from winnow.features.feature_arrays import FeatureArrays
from winnow.models.inputs import Inputs
from winnow.schema.column import Array

AT_ONCE = 8_192
"""Rows of a batch where nothing is learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRows:
    """N rows that a model reads, and what came of them.

    Attributes:
        inputs: `codes` int32 [N, K] and `values` float32 [N, V].
        clicked: float32 [N], 1 or 0.
    """

    inputs: Mapping[str, Tensor]
    clicked: Tensor

    def __len__(self) -> int:
        return len(self.clicked)

    @staticmethod
    def of(features: ClickFeatures, table: ClickTable) -> "LabelledRows":
        """All rows of a table that the features were not fitted on."""
        return LabelledRows(
            inputs=tensors_of(features(table)), clicked=torch.from_numpy(table.label.astype(np.float32))
        )

    @staticmethod
    def learned(features: ClickFeatures, table: ClickTable, generator: np.random.Generator) -> "LabelledRows":
        """The rows that the features were fitted on: no row's click rates know its own label."""
        rows = LabelledRows.of(features, table)
        if features.rates:
            rates = cross_fitted_rates(table, table.label, generator)
            rows.inputs["values"][:, -features.rates :] = torch.from_numpy(rates)
        return rows


def frequent_codes(rows: LabelledRows, min_count: int) -> tuple[int, ...]:
    """Of each column, how many codes from 0 on have at least so many rows, up to the first that has not.

    Code 0, which is missing, counts always. The codes after it are in the order of how many rows they had in the fit.
    """
    columns = rows.inputs["codes"].numpy().T
    enough = (np.append(np.bincount(column, minlength=1)[1:] >= min_count, [False]) for column in columns)
    return tuple(1 + int(np.argmin(each)) for each in enough)


def tensors_of(arrays: FeatureArrays) -> dict[str, Tensor]:
    """Model inputs by name; nothing is copied."""
    return {"codes": torch.from_numpy(arrays.codes), "values": torch.from_numpy(arrays.values)}


def inputs_of(features: ClickFeatures) -> Inputs:
    """Widths of what a model reads."""
    return Inputs(codes=tuple(features.code_sizes.values()), values=len(features.value_names), vectors={})


def logits_of(model: nn.Module, inputs: Mapping[str, Tensor]) -> Array:
    """float32 [N], in evaluation mode, in which the model is left."""
    model.eval()
    parts = zip(*(each.split(AT_ONCE) for each in inputs.values()), strict=True)
    with torch.no_grad():
        return np.concatenate([model(dict(zip(inputs, part, strict=True))).numpy() for part in parts])

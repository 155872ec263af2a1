"""Training as it will be with new items: without their id, and with content missing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array
from winnow.schema.errors import RecipeError
from winnow.schema.feature import Entity
from winnow.schema.transform import UNKNOWN_CODE
from winnow.training.training_set import TrainingSet


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDropout:
    """Shares of items that a step shows without something, 0 to below 1.

    Attributes:
        ids: without their own id, so that models learn what to make of an item that they never saw.
        content: without a content vector, each kind for itself, so that they learn what to make of its lack.

    Source: Volkovs et al., DropoutNet: addressing cold start in recommender systems, NeurIPS 2017.
    """

    ids: float = 0.1
    content: float = 0.1

    def __post_init__(self) -> None:
        for name, share in (("ids", self.ids), ("content", self.content)):
            if not isinstance(share, int | float) or not 0 <= share < 1:
                raise RecipeError(f"The recipe's dropout of {name} is {share!r}; from 0 to below 1 is wanted.")

    def __call__(
        self, data: TrainingSet, arrays: Mapping[str, Array], generator: np.random.Generator
    ) -> Mapping[str, Array]:
        """Hides what the draw says, in place.

        Args:
            data: says which codes are ids.
            arrays: fresh copies, as `TrainingSet.item_arrays` makes them, of any shape of rows.
            generator: of the draw.
        """
        for name, array in arrays.items():
            if name.startswith("item_vector_"):
                array[generator.random(array.shape[:-1]) < self.content] = 0
        for column in data.id_columns(Entity.ITEM):
            codes = arrays["item_codes"]
            codes[..., column][generator.random(codes.shape[:-1]) < self.ids] = UNKNOWN_CODE
        return arrays

"""Items as retrieval searches them, from models that read nothing but items."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from winnow.engine.opened_model import OpenedModel
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.item_arrays import ItemArrays
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemVectors:
    """The item tower's vectors, and behind them what choosing an item says of a person.

    Attributes:
        tower: of the bundle.
        said: what choices say, float32 [I, L] of I items; None where nobody knows.
    """

    tower: OpenedModel
    said: Callable[[ItemArrays], Array] | None = None

    def __call__(self, items: FeatureArrays) -> Array:
        """float32 [I, D + L], of any length."""
        vectors = self.tower(item_inputs(self.tower, items))["vector"]
        return vectors if self.said is None else np.concatenate([vectors, self.said(items)], axis=1)


def item_inputs(model: OpenedModel, items: FeatureArrays) -> dict[str, Array]:
    """What a model of items alone takes of I items."""
    inputs = {"item_codes": items.codes, "item_values": items.values}
    inputs |= {f"item_vector_{name}": vectors for name, vectors in items.vectors.items()}
    return {name: inputs[name] for name in model.inputs["item"]}

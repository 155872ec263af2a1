"""The models of a bundle that read nothing but items."""

from winnow.engine.opened_model import OpenedModel
from winnow.features.feature_arrays import FeatureArrays
from winnow.schema.column import Array


def tower_vectors(tower: OpenedModel, items: FeatureArrays) -> Array:
    """float32 [I, D], of any length.

    Args:
        tower: of the bundle.
        items: features of I items.
    """
    return tower(item_inputs(tower, items))["vector"]


def item_inputs(model: OpenedModel, items: FeatureArrays) -> dict[str, Array]:
    """What a model of items alone takes of I items."""
    inputs = {"item_codes": items.codes, "item_values": items.values}
    inputs |= {f"item_vector_{name}": vectors for name, vectors in items.vectors.items()}
    return {name: inputs[name] for name in model.inputs["item"]}

"""The item tower of a bundle over features of items."""

from winnow.engine.onnx_model import OnnxModel
from winnow.features.feature_arrays import FeatureArrays
from winnow.schema.column import Array


def tower_vectors(tower: OnnxModel, items: FeatureArrays) -> Array:
    """float32 [I, D], of any length.

    Args:
        tower: of the bundle.
        items: features of I items.
    """
    inputs = {"item_codes": items.codes, "item_values": items.values}
    inputs |= {f"item_vector_{name}": vectors for name, vectors in items.vectors.items()}
    return tower({name: inputs[name] for name in tower.inputs["item"]})["vector"]

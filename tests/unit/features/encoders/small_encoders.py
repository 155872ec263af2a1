"""Encoders in folders, so small that their vectors are known by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onnx import NodeProto, TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from winnow.bundle.model_files import MODEL_FILE
from winnow.features.encoders.saved_encoder import TOKENIZER_FILE, SavedEncoder

WORDS = {"[PAD]": 0, "[UNK]": 1, "red": 2, "shoe": 3, "lamp": 4}
LONGEST = 4
SIDE = 2
SCALING: dict[str, Any] = {
    "resize": [SIDE, SIDE],
    "resample": 0,
    "crop": [SIDE, SIDE],
    "factor": 1 / 255,
    "mean": [0, 0, 0],
    "std": [1, 1, 1],
}


def write_texts(folder: Path, names: Sequence[str] = ("input_ids", "attention_mask")) -> None:
    """The vector of a text is the sum of its codes of words, and their number."""
    shape, integers = ["batch", "length"], TensorProto.INT64
    nodes = [
        helper.make_node("ReduceSum", [names[0], "axis"], ["codes"], keepdims=1),
        helper.make_node("ReduceSum", [names[-1], "axis"], ["number"], keepdims=1),
        helper.make_node("Concat", ["codes", "number"], ["both"], axis=1),
        helper.make_node("Cast", ["both"], ["vectors"], to=TensorProto.FLOAT),
    ]
    write_model(folder, nodes, dict.fromkeys(names, (integers, shape)), width=2, axes=[1])
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    tokenizer.save(str(folder / TOKENIZER_FILE))
    SavedEncoder(kind="texts", id="small texts 1", width=2).save(folder)


def write_pictures(folder: Path, side: int = SIDE) -> None:
    """The vector of a picture is the mean of each channel, 0 to 1."""
    nodes = [helper.make_node("ReduceMean", ["pixel_values", "axis"], ["vectors"], keepdims=0)]
    write_model(folder, nodes, {"pixel_values": (TensorProto.FLOAT, ["batch", 3, side, side])}, width=3, axes=[2, 3])
    SavedEncoder(kind="pictures", id="small pictures 1", width=3, scaling=SCALING).save(folder)


def write_model(
    folder: Path, nodes: list[NodeProto], inputs: dict[str, tuple[int, list[Any]]], *, width: int, axes: list[int]
) -> None:
    """The nodes as a model; `axis` is an input that they may name."""
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", width])],
        [helper.make_tensor("axis", TensorProto.INT64, [len(axes)], axes)],
    )
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])
    (folder / MODEL_FILE).write_bytes(model.SerializeToString())

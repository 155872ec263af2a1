"""A torch network to the file that ONNX Runtime opens. A leaf: serving never imports it."""

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from winnow.bundle.model_files import MODEL_FILE
from winnow.schema.errors import EncoderError

Tensors = Mapping[str, Tensor]
VECTORS = "vectors"


class _Positional(nn.Module):
    """A function of named tensors, called with positional ones, as the exporter wants it."""

    def __init__(self, owner: nn.Module, call: Callable[[Tensors], Tensor], names: Sequence[str]) -> None:
        super().__init__()
        self.owner = owner  # so that its weights are found
        self.call = call
        self.names = tuple(names)

    def forward(self, *tensors: Tensor) -> Tensor:
        """[N, width]."""
        return self.call(dict(zip(self.names, tensors, strict=True)))


def write_network(
    owner: nn.Module, call: Callable[[Tensors], Tensor], sample: Tensors, free: Sequence[int], folder: Path
) -> None:
    """Writes the network into an existing folder; equal networks give equal bytes.

    Args:
        owner: whose weights the call uses, in evaluation mode; those that it does not use are left out.
        call: named tensors to vectors [N, width].
        sample: one example of each input, every free axis at least 2 long.
        free: axes of the inputs that may be of any length.
        folder: to write into.

    Raises:
        EncoderError: torch cannot express it in ONNX.
    """
    try:
        with warnings.catch_warnings():
            # The exporter warns of its own deprecated internals; nothing of ours can answer that.
            warnings.simplefilter("ignore")
            logging.getLogger("torch.onnx").setLevel(logging.ERROR)
            program = _program(_Positional(owner, call, list(sample)), sample, free)
    # Whatever an operator without translation raises, on the way through three libraries.
    except Exception as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise EncoderError(
            f"The network {type(owner).__name__} cannot be exported to ONNX ({type(error).__name__}: {said}); "
            "a service could not encode new items with it: choose another."
        ) from error
    program.save(folder / MODEL_FILE)


def _program(module: nn.Module, sample: Tensors, free: Sequence[int]) -> torch.onnx.ONNXProgram:
    shapes = tuple(dict.fromkeys(free, torch.export.Dim.DYNAMIC) for _ in sample)
    program = torch.onnx.export(
        module.eval(),
        tuple(sample.values()),
        input_names=list(sample),
        output_names=[VECTORS],
        dynamic_shapes=(shapes,),
        dynamo=True,
        verbose=False,
    )
    if program is None:
        raise RuntimeError("torch.onnx.export returned no program although dynamo=True was asked for")
    for node in program.model.graph.all_nodes():
        node.metadata_props.clear()  # notes of source files and lines, which differ between machines
    return program

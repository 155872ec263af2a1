"""An ONNX file as a function of named arrays."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from winnow.schema.column import Array

MODEL_FILE = "model.onnx"
INPUTS_FILE = "inputs.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxModel:
    """One session on one thread; more requests at once are the business of more processes.

    Attributes:
        session: ONNX Runtime.
        inputs: groups of input names, as the exporter wrote them.
        outputs: names, in order.
    """

    session: onnxruntime.InferenceSession
    inputs: Mapping[str, tuple[str, ...]]
    outputs: tuple[str, ...]

    @staticmethod
    def open(folder: Path) -> "OnnxModel":
        """Opens the folder that `export_model` wrote."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(folder / MODEL_FILE, options, providers=["CPUExecutionProvider"])
        groups = json.loads((folder / INPUTS_FILE).read_text(encoding="utf-8"))
        return OnnxModel(
            session=session,
            inputs={group: tuple(names) for group, names in groups.items()},
            outputs=tuple(output.name for output in session.get_outputs()),
        )

    def __call__(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        """Runs the model."""
        outputs = self.session.run(None, dict(arrays))
        return {name: np.asarray(output) for name, output in zip(self.outputs, outputs, strict=True)}

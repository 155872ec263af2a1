"""The network of an exported encoder: named arrays to vectors, without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from winnow.features.onnx_session import onnx_session
from winnow.schema.column import Array, Floats
from winnow.schema.errors import BundleError


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxNetwork:
    """What `write_network` wrote, on one thread.

    Attributes:
        session: ONNX Runtime.
        shapes: of the inputs by name; None where any length goes.
    """

    session: onnxruntime.InferenceSession
    shapes: Mapping[str, tuple[int | None, ...]]

    @staticmethod
    def open(folder: Path, width: int) -> "OnnxNetwork":
        """Opens the network in a folder.

        Args:
            folder: with its file.
            width: of the vectors that it has to make.

        Raises:
            BundleError: ONNX Runtime cannot read it, or it makes vectors of another width.
        """
        session = onnx_session(folder, keep_memory=False)
        made = session.get_outputs()[0].shape[1:]
        if made != [width]:
            raise BundleError(
                f"The network in {folder} makes vectors of shape {made}, and a width of {width} is written beside it: "
                "parts of two encoders were mixed. Use a bundle as it was written."
            )
        return OnnxNetwork(session=session, shapes={each.name: _lengths(each.shape) for each in session.get_inputs()})

    def __call__(self, arrays: Mapping[str, Array]) -> Floats:
        """float32 [N, width], vectors of any length.

        Args:
            arrays: [N, ...] for each input.
        """
        return np.asarray(self.session.run(None, dict(arrays))[0])


def _lengths(shape: list[int | str]) -> tuple[int | None, ...]:
    return tuple(length if isinstance(length, int) else None for length in shape)

"""Pictures to vectors by an exported encoder: ONNX Runtime and Pillow, no torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.onnx_network import OnnxNetwork
from winnow.features.encoders.picture_batches import picture_batches
from winnow.features.encoders.pixel_scaling import PixelScaling
from winnow.features.encoders.saved_encoder import SavedEncoder, unreadable
from winnow.schema.column import Array
from winnow.schema.errors import BundleError
from winnow.schema.progress import Progress, silent

PIXELS = "pixel_values"


class OnnxPictures:
    """A `PictureEncoder`: the one that was exported, under its own id.

    Args:
        folder: that `export_encoder` wrote.

    Raises:
        BundleError: a file is absent or damaged, or the files do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        saved = SavedEncoder.load(folder)
        self.id = saved.id
        self.width = saved.width
        try:
            self._scaling = PixelScaling.of(saved.scaling)
        except (KeyError, TypeError, ValueError) as error:
            raise unreadable(folder, error) from error
        self._network = OnnxNetwork.open(folder, saved.width)
        wanted = {PIXELS: (None, 3, *self._scaling.crop)}
        if self._network.shapes != wanted:
            raise BundleError(
                f"The network in {folder} takes {dict(self._network.shapes)}; {wanted} is written beside it: parts of "
                "two encoders were mixed. Use a bundle as it was written."
            )

    def encode(self, contents: Sequence[bytes], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        return picture_batches(self._scaling, self._vectors, contents, self.width, batch_size, progress)

    def _vectors(self, pixels: list[Array]) -> Array:
        return self._network({PIXELS: np.stack(pixels)})

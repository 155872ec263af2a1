"""Pictures to vectors with CLIP. A leaf: serving never imports it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import AutoImageProcessor

from winnow.features.encoders.clip import Clip
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.picture_batches import picture_batches
from winnow.features.encoders.weights import loading
from winnow.schema.column import Array
from winnow.schema.progress import Progress, silent


class ClipPictures:
    """A `PictureEncoder`: what an item looks like. A broken picture is a problem at its place and harms no other.

    Args:
        clip: the network.

    Attributes:
        clip: as given.
        processor: the image processor that was stored with its weights.

    Raises:
        EncoderError: there is no image processor with the weights.
    """

    def __init__(self, clip: Clip) -> None:
        with loading(clip.source, "image processor of CLIP"):
            # The same arithmetic on all machines, with torchvision and without.
            self.processor: Any = AutoImageProcessor.from_pretrained(clip.source, backend="pil")
        self.clip = clip
        self.id = f"clip-pictures {clip.name}"
        side: int = clip.model.config.vision_config.image_size
        self.width: int = self._vectors([np.zeros((3, side, side), np.float32)]).shape[1]

    def encode(self, contents: Sequence[bytes], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        return picture_batches(self._pixels, self._vectors, contents, self.width, batch_size, progress)

    def _pixels(self, picture: Image.Image) -> Array:
        return self.processor(picture, return_tensors="np")["pixel_values"][0]

    def _vectors(self, pixels: list[Array]) -> Array:
        batch = torch.from_numpy(np.stack(pixels)).to(self.clip.device)
        with torch.inference_mode():
            return self.clip.model.get_image_features(pixel_values=batch).pooler_output.cpu().numpy()

"""Pictures to vectors with CLIP. A leaf: serving never imports it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import AutoImageProcessor

from winnow.features.encoders.clip import Clip
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.read_picture import BrokenPictureError, read_picture
from winnow.features.encoders.unit_length import unit_length
from winnow.features.encoders.weights import loading
from winnow.schema.column import Array
from winnow.schema.progress import Progress, silent


class ClipPictures:
    """A `PictureEncoder`: what an item looks like. A broken picture is a problem at its place and harms no other.

    Args:
        clip: the network.

    Raises:
        EncoderError: there is no image processor with the weights.
    """

    def __init__(self, clip: Clip) -> None:
        with loading(clip.source, "image processor of CLIP"):
            # The same arithmetic on all machines, with torchvision and without.
            self._processor: Any = AutoImageProcessor.from_pretrained(clip.source, backend="pil")
        self._clip = clip
        self.id = f"clip-pictures {clip.name}"
        side: int = clip.model.config.vision_config.image_size
        self.width: int = self._vectors([np.zeros((3, side, side), np.float32)]).shape[1]

    def encode(self, contents: Sequence[bytes], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        vectors = np.zeros((len(contents), self.width), np.float32)
        problems: dict[int, str] = {}
        for start in range(0, len(contents), batch_size):
            batch = contents[start : start + batch_size]
            pixels = self._read(batch, start, problems)
            if pixels:
                vectors[list(pixels)] = unit_length(self._vectors(list(pixels.values())))
            progress("pictures encoded", start + len(batch), len(contents))
        return Encoded(vectors=vectors, problems=problems)

    def _read(self, batch: Sequence[bytes], start: int, problems: dict[int, str]) -> dict[int, Array]:
        """Pixels by place. Each picture shrinks before the next is opened, so that large ones do not add up."""
        pixels: dict[int, Array] = {}
        for place, content in enumerate(batch, start):
            try:
                picture = read_picture(content)
            except BrokenPictureError as error:
                problems[place] = str(error)
            else:
                pixels[place] = self._processor(picture, return_tensors="np")["pixel_values"][0]
        return pixels

    def _vectors(self, pixels: list[Array]) -> Array:
        batch = torch.from_numpy(np.stack(pixels)).to(self._clip.device)
        with torch.inference_mode():
            return self._clip.model.get_image_features(pixel_values=batch).pooler_output.cpu().numpy()

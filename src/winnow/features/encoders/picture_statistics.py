"""Pictures to vectors without a network: nothing to download, nothing to train."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from winnow.features.encoders.colour_statistics import colour_statistics
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.picture_pixels import picture_pixels
from winnow.features.encoders.read_picture import BrokenPictureError, read_picture
from winnow.features.encoders.shape_statistics import shape_statistics
from winnow.features.encoders.texture_statistics import texture_statistics
from winnow.features.encoders.unit_length import unit_length
from winnow.schema.column import Floats
from winnow.schema.progress import Progress, silent

STATISTICS = (colour_statistics, texture_statistics, shape_statistics)
WEIGHTS = (1.8, 0.4, 1.1, 0.7, 0.6, 0.9, 0.6, 0.6, 0.4)
"""Of the parts of a vector, in their order: colours and their places; bands, bands whatever the direction, their
strength, binary patterns and contrast; silhouette and gradients."""
WIDTH = 584 + 64 + 108 + 63 + 9 + 30 + 17 + 256 + 512


class PictureStatistics:
    """A `PictureEncoder` of colours, textures and outlines, the embedded default.

    It tells what items look like, not what they are: an item on a plain ground is read best. A vector depends on its
    picture alone, whatever the batch.
    """

    id = "picture-statistics 1"
    width = WIDTH

    def encode(self, contents: Sequence[bytes], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        vectors, problems = np.zeros((len(contents), WIDTH), np.float32), dict[int, str]()
        for place, content in enumerate(contents):
            try:
                vectors[place] = _vector(read_picture(content))
            except BrokenPictureError as error:
                problems[place] = str(error)
            if (place + 1) % batch_size == 0 or place + 1 == len(contents):
                progress("pictures encoded", place + 1, len(contents))
        return Encoded(vectors=vectors, problems=problems)


def _vector(image: Image.Image) -> Floats:
    """float32 [WIDTH]; a part around its own mean and of unit length, so that none counts more for being large."""
    pixels = picture_pixels(image)
    parts = [part - part.mean(dtype=np.float64) for statistics in STATISTICS for part in statistics(pixels)]
    weighted = [unit_length(part[None])[0] * weight for part, weight in zip(parts, WEIGHTS, strict=True)]
    return unit_length(np.concatenate(weighted)[None])[0]

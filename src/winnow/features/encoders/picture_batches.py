"""Pictures through a network, in batches."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.read_picture import BrokenPictureError, read_picture
from winnow.features.encoders.unit_length import unit_length
from winnow.schema.column import Array
from winnow.schema.progress import Progress

Scaling = Callable[[Image.Image], Array]


def picture_batches(
    scaling: Scaling,
    network: Callable[[list[Array]], Array],
    contents: Sequence[bytes],
    width: int,
    batch_size: int,
    progress: Progress,
) -> Encoded:
    """One unit vector for each picture; a broken picture is a problem at its place and harms no other.

    Args:
        scaling: a picture in mode RGB to what the network takes, all of one shape.
        network: n of these to vectors [n, D] of any length.
        contents: N image files.
        width: D.
        batch_size: how many pictures the network gets at once.
        progress: hears of each batch.
    """
    vectors, problems = np.zeros((len(contents), width), np.float32), dict[int, str]()
    for start in range(0, len(contents), batch_size):
        batch = contents[start : start + batch_size]
        pixels = _pixels(scaling, batch, start, problems)
        if pixels:
            vectors[list(pixels)] = unit_length(network(list(pixels.values())))
        progress("pictures encoded", start + len(batch), len(contents))
    return Encoded(vectors=vectors, problems=problems)


def _pixels(scaling: Scaling, batch: Sequence[bytes], start: int, problems: dict[int, str]) -> dict[int, Array]:
    """Pixels by place. Each picture shrinks before the next is opened, so that large ones do not add up."""
    pixels: dict[int, Array] = {}
    for place, content in enumerate(batch, start):
        try:
            picture = read_picture(content)
        except BrokenPictureError as error:
            problems[place] = str(error)
        else:
            pixels[place] = scaling(picture)
    return pixels

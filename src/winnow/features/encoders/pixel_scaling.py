"""Pictures to what a network of pictures takes, with Pillow and NumPy, as the processors of transformers do it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from winnow.schema.column import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelScaling:
    """Resize, cut out the middle, and bring the channels to the range that the network learnt with.

    Attributes:
        resize: pixels of the shorter side, or height and width whatever the shape was.
        resample: number of Pillow's filter.
        crop: height and width of the middle that is cut out; black is added where the picture is smaller.
        factor: that channels of 0 to 255 are multiplied by.
        mean: of each channel after that, which is taken away.
        std: of each channel, which the rest is divided by.
    """

    resize: tuple[int, ...]
    resample: Image.Resampling
    crop: tuple[int, ...]
    factor: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @staticmethod
    def of(told: Mapping[str, Any]) -> "PixelScaling":
        """The same values as JSON has them.

        Raises:
            KeyError: one is absent.
            TypeError: one is of another type.
            ValueError: one is out of range.
        """
        return PixelScaling(
            resize=_sides(told["resize"], (1, 2)),
            resample=Image.Resampling(told["resample"]),
            crop=_sides(told["crop"], (2,)),
            factor=float(told["factor"]),
            mean=_channels(told["mean"]),
            std=_channels(told["std"]),
        )

    def __call__(self, picture: Image.Image) -> Floats:
        """float32 [3, height, width].

        Args:
            picture: in mode RGB.
        """
        resized = picture.resize(self._size(*picture.size), self.resample)
        height, width = self.crop
        left, top = (resized.width - width) // 2, (resized.height - height) // 2
        middle = np.asarray(resized.crop((left, top, left + width, top + height)))
        # In float64 and then rounded, as the processors do it, so that the numbers are equal to the bit.
        scaled = (middle.astype(np.float64) * self.factor).astype(np.float32)
        normal = (scaled - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return np.moveaxis(normal, -1, 0)

    def _size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after resizing."""
        if len(self.resize) == 2:
            return self.resize[1], self.resize[0]
        short = self.resize[0]
        long = int(short * max(width, height) / min(width, height))
        return (short, long) if width <= height else (long, short)


def _sides(told: Iterable[Any], counts: tuple[int, ...]) -> tuple[int, ...]:
    sides = tuple(int(side) for side in told)
    if len(sides) not in counts or min(sides) < 1:
        raise ValueError(f"{list(sides)} are no sides of a picture")
    return sides


def _channels(told: Iterable[Any]) -> tuple[float, ...]:
    channels = tuple(float(channel) for channel in told)
    if len(channels) != 3:
        raise ValueError(f"{list(channels)} are not numbers of three channels")
    return channels

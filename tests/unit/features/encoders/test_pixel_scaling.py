import numpy as np
import pytest
from PIL import Image

from tests.unit.features.encoders.small_encoders import SCALING
from winnow.features.encoders.pixel_scaling import PixelScaling

RED = (255, 0, 51)


def scaled(picture, **changed):
    return PixelScaling.of(SCALING | changed)(picture)


def test_channels_come_first_in_the_range_that_was_asked_for():
    pixels = scaled(Image.new("RGB", (9, 5), RED), mean=[0.5, 0.5, 0], std=[0.5, 1, 0.1])
    assert (pixels.shape, pixels.dtype) == ((3, 2, 2), np.float32)
    np.testing.assert_allclose(pixels, np.broadcast_to(np.reshape([1, -0.5, 2], (3, 1, 1)), (3, 2, 2)), rtol=1e-6)


@pytest.mark.parametrize(("size", "kept"), [((8, 4), (slice(2, 6), slice(None))), ((4, 9), (slice(None), slice(2, 6)))])
def test_of_an_oblong_picture_the_middle_is_kept(size, kept):
    marked = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    pixels = scaled(Image.fromarray(marked), resize=[4], crop=[4, 4], factor=1)
    np.testing.assert_array_equal(pixels, np.moveaxis(marked, -1, 0)[:, kept[1], kept[0]])


def test_a_picture_that_is_smaller_than_the_middle_gets_a_black_border():
    pixels = scaled(Image.new("RGB", (5, 5), RED), resize=[1], crop=[3, 3])
    assert pixels[0].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    "changed",
    [
        {"resize": []},
        {"resize": [1, 2, 3]},
        {"resize": [0]},
        {"resize": 3},
        {"crop": [1]},
        {"resample": 99},
        {"mean": [0, 0]},
        {"std": None},
        {"factor": "a lot"},
    ],
)
def test_what_is_no_scaling_is_refused(changed):
    with pytest.raises((TypeError, ValueError)):
        PixelScaling.of(SCALING | changed)

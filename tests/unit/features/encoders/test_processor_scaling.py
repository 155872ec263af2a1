"""Held against the processors of transformers themselves, to the bit."""

import numpy as np
import pytest
from PIL import Image
from transformers import CLIPImageProcessorPil, SiglipImageProcessorPil

from winnow.features.encoders.processor_scaling import processor_scaling
from winnow.schema.errors import EncoderError

SQUARE = {"height": 32, "width": 32}
PROCESSORS = {
    "as CLIP": CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=SQUARE),
    "a middle larger than the side": CLIPImageProcessorPil(size={"shortest_edge": 20}, crop_size=SQUARE),
    "an oblong middle": CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 24, "width": 33}),
    "a middle of a square": CLIPImageProcessorPil(size={"height": 40, "width": 38}, crop_size=SQUARE),
    "as SigLIP": SiglipImageProcessorPil(size=SQUARE),
    "another filter": SiglipImageProcessorPil(size={"height": 16, "width": 24}, resample=2),
    "neither rescaled": SiglipImageProcessorPil(size=SQUARE, do_rescale=False),
    "nor normalised": SiglipImageProcessorPil(size=SQUARE, do_normalize=False),
}


@pytest.mark.parametrize("size", [(32, 32), (53, 37), (37, 54), (1, 20), (20, 1), (300, 301), (33, 31)])
@pytest.mark.parametrize("name", PROCESSORS)
def test_pixels_are_those_of_the_processor_to_the_bit(name, size):
    processor = PROCESSORS[name]
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8))
    wanted = processor(picture, return_tensors="np")["pixel_values"][0]
    np.testing.assert_array_equal(processor_scaling(processor.to_dict())(picture), wanted)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"do_resize": False}, "it pads, or does not resize"),
        ({"do_pad": True}, "it pads, or does not resize"),
        ({"size": {"shortest_edge": 20, "longest_edge": 40}}, "longest_edge and shortest_edge"),
        ({"do_center_crop": False}, "are no sides of a picture"),
        ({"resample": 99}, "99"),
        ({"image_mean": [0.5]}, "three channels"),
        ({"size": None}, "TypeError"),
    ],
)
def test_a_processor_that_does_something_else_is_refused_in_a_sentence(changed, said):
    settings = PROCESSORS["as CLIP"].to_dict() | changed
    with pytest.raises(EncoderError, match=rf"image processor CLIPImageProcessor cannot be exported .*{said}.*choose"):
        processor_scaling(settings)


def test_a_processor_without_a_setting_is_refused():
    with pytest.raises(EncoderError, match="do_resize"):
        processor_scaling({})

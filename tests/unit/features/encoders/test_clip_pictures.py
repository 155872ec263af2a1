import shutil
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import CLIPImageProcessorPil, CLIPModel

from winnow.features.encoders.clip import load_clip
from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.schema.errors import EncoderError


@pytest.fixture(scope="module")
def encoder(clip_folder):
    return ClipPictures(load_clip(str(clip_folder)))


@pytest.fixture
def pictures(png):
    return [png(200, 0, 0), png(0, 200, 0), png(0, 0, 200), png(9, 9, 9), png(200, 200, 0)]


def test_vectors_are_those_of_the_library_by_hand(encoder, pictures, clip_folder):
    opened = [Image.open(BytesIO(content)) for content in pictures]
    pixels = CLIPImageProcessorPil.from_pretrained(clip_folder)(opened, return_tensors="pt")["pixel_values"]
    model = CLIPModel.from_pretrained(clip_folder).eval()
    with torch.inference_mode():
        wanted = model.visual_projection(model.vision_model(pixels).pooler_output).numpy()
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    np.testing.assert_allclose(encoder.encode(pictures).vectors, wanted, atol=1e-5)


def test_vectors_are_float32_of_unit_length_and_the_stated_width(encoder, pictures):
    vectors = encoder.encode(pictures).vectors
    assert (vectors.shape, vectors.dtype, encoder.width) == ((5, 24), np.float32, 24)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_broken_picture_is_a_problem_at_its_place_and_harms_no_other(encoder, pictures):
    whole = encoder.encode(pictures)
    spoilt = encoder.encode([*pictures[:3], b"no picture", pictures[4]], batch_size=2)
    assert list(spoilt.problems) == [3]
    assert "cannot be read" in spoilt.problems[3]
    assert spoilt.present.tolist() == [True, True, True, False, True]
    assert not spoilt.vectors[3].any()
    rest = [0, 1, 2, 4]
    np.testing.assert_allclose(spoilt.vectors[rest], whole.vectors[rest], atol=1e-5)


def test_a_batch_of_nothing_but_broken_pictures_gives_no_vector(encoder):
    encoded = encoder.encode([b"", b"GIF89a"])
    assert sorted(encoded.problems) == [0, 1]
    assert not encoded.vectors.any()


def test_a_line_of_pixels_is_refused_before_it_is_scaled_up(encoder, png):
    assert "one side may be" in encoder.encode([png(1, 1, 1, size=(40_000, 1))]).problems[0]


def test_no_pictures_give_no_vectors(encoder):
    assert encoder.encode([]).vectors.shape == (0, 24)


def test_progress_is_told_after_each_batch(encoder, pictures):
    heard = []
    encoder.encode(pictures, batch_size=2, progress=lambda *step: heard.append(step))
    assert heard == [("pictures encoded", done, 5) for done in (2, 4, 5)]


def test_a_folder_without_image_processor_is_refused(clip_folder, tmp_path):
    folder = tmp_path / "bare"
    shutil.copytree(clip_folder, folder, ignore=shutil.ignore_patterns("preprocessor_config.json"))
    with pytest.raises(EncoderError, match="No image processor of CLIP could be loaded in the folder"):
        ClipPictures(load_clip(str(folder)))

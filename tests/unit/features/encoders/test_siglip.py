"""SigLIP goes the same way as CLIP, with its own padding and without projections."""

import numpy as np
import pytest
import torch
from transformers import CLIPTokenizer, SiglipModel

from tests.tiny_networks import write_siglip
from winnow.features.encoders.clip import load_clip
from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.features.encoders.clip_texts import ClipTexts


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny-siglip"
    write_siglip(folder)
    return folder


def test_pictures_and_texts_become_unit_vectors_of_one_width(folder, png):
    clip = load_clip(str(folder))
    pictures, texts = ClipPictures(clip), ClipTexts(clip)
    vectors = [pictures.encode([png(200, 0, 0), png(0, 0, 9)]).vectors, texts.encode(["red", "blue lamp"]).vectors]
    assert pictures.width == texts.width == 16
    np.testing.assert_allclose(np.linalg.norm(np.concatenate(vectors), axis=1), 1, atol=1e-6)


def test_its_logit_scale_is_a_number_as_that_of_clip_is(folder):
    learnt = SiglipModel.from_pretrained(folder).logit_scale
    assert learnt.shape == (1,)
    assert load_clip(str(folder)).logit_scale == pytest.approx(float(np.exp(learnt.item())))


def test_texts_are_filled_up_to_the_length_that_it_learnt_with(folder):
    tokens = CLIPTokenizer.from_pretrained(folder)(["red"], padding="max_length", max_length=16, return_tensors="pt")
    with torch.inference_mode():
        wanted = SiglipModel.from_pretrained(folder).eval().get_text_features(**tokens).pooler_output.numpy()
    found = ClipTexts(load_clip(str(folder))).encode(["red"]).vectors
    np.testing.assert_allclose(found, wanted / np.linalg.norm(wanted), atol=1e-5)

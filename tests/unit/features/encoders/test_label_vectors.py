import numpy as np
import pytest

from winnow.features.encoders.label_vectors import FOR_PICTURES, FOR_TEXTS, label_vectors
from winnow.features.encoders.text_batches import text_batches
from winnow.schema.errors import EncoderError
from winnow.schema.progress import silent

LETTERS = "abcdefghijklmnopqrstuvwxyz "


def counts_of(text):
    return [text.count(letter) for letter in LETTERS]


class Letters:
    """A `TextEncoder` of how often each letter occurs, and a record of what it was asked."""

    id, width = "letters", len(LETTERS)

    def __init__(self):
        self.asked = []

    def encode(self, contents, batch_size=32, progress=silent):
        self.asked += contents
        return text_batches(self._vectors, contents, self.width, batch_size, progress)

    def _vectors(self, texts):
        return np.array([counts_of(text) for text in texts], np.float32)


def test_a_label_is_the_mean_of_the_unit_vectors_of_its_prompts_at_unit_length():
    encoder = Letters()
    vectors = label_vectors(encoder, ["shoe", "lamp"], ["{label}", "a photo of {label}"])
    assert encoder.asked == ["shoe", "a photo of shoe", "lamp", "a photo of lamp"]
    for row, label in enumerate(["shoe", "lamp"]):
        bare, long = np.array(counts_of(label)), np.array(counts_of(f"a photo of {label}"))
        mean = (bare / np.linalg.norm(bare) + long / np.linalg.norm(long)) / 2
        np.testing.assert_allclose(vectors[row], mean / np.linalg.norm(mean), atol=1e-6)
    assert vectors.dtype == np.float32


def test_the_prompts_for_pictures_and_for_texts_have_a_place_for_the_label():
    encoder = Letters()
    label_vectors(encoder, ["shoe"], FOR_PICTURES)
    label_vectors(encoder, ["shoe"], FOR_TEXTS)
    assert encoder.asked == ["a photo of shoe", "shoe", "a product of the category shoe"]


def test_an_underscore_is_a_space_and_braces_are_left_alone():
    encoder = Letters()
    label_vectors(encoder, ["hot_{label}_meals"], ["{label} {x}"])
    assert encoder.asked == ["hot {label} meals {x}"]


@pytest.mark.parametrize("label", ["", " ", "_", "pan \ud83d"])
def test_a_label_that_cannot_be_encoded_is_named(label):
    with pytest.raises(EncoderError) as raised:
        label_vectors(Letters(), ["shoe", label], ["{label}", "{label}"])
    assert f"The label {label!r} cannot be encoded: The text" in str(raised.value)


@pytest.mark.parametrize("template", ["a photo", "a photo of {}", "{Label}", ""])
def test_a_template_without_a_place_for_the_label_is_refused(template):
    with pytest.raises(EncoderError, match=r"has no \{label\}; write it as in 'a photo of \{label\}'"):
        label_vectors(Letters(), ["shoe"], ["{label}", template])


def test_no_template_is_refused():
    with pytest.raises(EncoderError, match="no template"):
        label_vectors(Letters(), ["shoe"], [])

import numpy as np
import pytest

from tests.unit.features.encoders.small_encoders import write_pictures, write_texts
from winnow.features.encoders.onnx_texts import OnnxTexts
from winnow.features.encoders.saved_encoder import TOKENIZER_FILE, SavedEncoder
from winnow.schema.errors import BundleError


@pytest.fixture
def encoder(tmp_path):
    write_texts(tmp_path)
    return OnnxTexts(tmp_path)


def unit(*rows):
    return np.array(rows) / np.linalg.norm(rows, axis=1, keepdims=True)


def test_vectors_are_those_that_are_known_by_hand(encoder):
    encoded = encoder.encode(["red shoe", "lamp", "red red green"])
    np.testing.assert_allclose(encoded.vectors, unit([5, 2], [4, 1], [5, 3]), rtol=1e-6)
    assert (encoder.id, encoder.width, encoded.vectors.dtype) == ("small texts 1", 2, np.float32)


def test_a_text_is_cut_where_its_tokenizer_says(encoder):
    np.testing.assert_allclose(encoder.encode(["lamp " * 100]).vectors, unit([16, 4]), rtol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 2, 32])
def test_padding_changes_nothing_whatever_the_batch(encoder, batch_size):
    vectors = encoder.encode(["red", "lamp shoe red red", "shoe lamp"], batch_size=batch_size).vectors
    np.testing.assert_allclose(vectors, unit([2, 1], [11, 4], [7, 2]), rtol=1e-6)


def test_texts_that_cannot_be_read_are_problems_at_their_places(encoder):
    encoded = encoder.encode(["red", " \n", "shoe \ud83d"])
    assert encoded.present.tolist() == [True, False, False]
    assert "half of a character at position 5" in encoded.problems[2]


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).vectors.shape == (0, 2)


def test_a_network_is_fed_only_what_it_takes(tmp_path):
    write_texts(tmp_path, ("input_ids",))
    np.testing.assert_allclose(OnnxTexts(tmp_path).encode(["red shoe"]).vectors, unit([5, 5]), rtol=1e-6)


@pytest.mark.parametrize("damage", ["absent", "empty", "torn"])
def test_a_damaged_tokenizer_is_told(encoder, tmp_path, damage):
    file = tmp_path / TOKENIZER_FILE
    content = file.read_bytes()
    file.unlink()
    if damage != "absent":
        file.write_bytes(b"" if damage == "empty" else content[: len(content) // 2])
    with pytest.raises(BundleError, match=r"The encoder in .* cannot be read .* train again"):
        OnnxTexts(tmp_path)


def test_a_network_of_something_else_is_told(encoder, tmp_path):
    write_pictures(tmp_path)
    SavedEncoder(kind="texts", id="mixed", width=3).save(tmp_path)
    with pytest.raises(BundleError, match="has an input 'pixel_values', which no tokenizer makes"):
        OnnxTexts(tmp_path)

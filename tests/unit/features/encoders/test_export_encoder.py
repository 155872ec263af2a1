"""What is refused; that what is exported gives the same vectors is in tests/parity."""

import pytest

from winnow.features.encoders import export_encoder as module
from winnow.features.encoders.clip import load_clip
from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.features.encoders.clip_texts import ClipTexts
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.export_encoder import export_encoder
from winnow.schema.errors import EncoderError


@pytest.fixture(scope="module")
def clip(clip_folder):
    return load_clip(str(clip_folder))


def test_a_tokenizer_in_python_is_refused(clip, tmp_path, monkeypatch):
    texts = ClipTexts(clip)
    slow = type("SlowTokenizer", (), {"__call__": texts.tokenizer.__call__})()
    monkeypatch.setattr(texts, "tokenizer", slow)
    with pytest.raises(EncoderError, match=r"of 'clip-texts tiny-clip .*' \(SlowTokenizer\) cannot be exported"):
        export_encoder(texts, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_tokenizer_that_does_not_cut_is_refused(clip, tmp_path, monkeypatch):
    texts = ClipTexts(clip)
    whole = texts.tokenizer(["a", "bc"], return_tensors="pt", padding=True)
    monkeypatch.setattr(texts, "tokens", lambda _: whole)
    texts.tokenizer.backend_tokenizer.no_truncation()
    with pytest.raises(EncoderError, match="one of the library tokenizers is wanted that cuts and pads"):
        export_encoder(texts, tmp_path)


def test_an_image_processor_that_pads_is_refused(clip, tmp_path, monkeypatch):
    pictures = ClipPictures(clip)
    monkeypatch.setattr(pictures.processor, "do_pad", True)
    with pytest.raises(EncoderError, match="image processor CLIPImageProcessor cannot be exported"):
        export_encoder(pictures, tmp_path)


def test_what_gives_other_vectors_than_the_encoder_is_refused(clip, tmp_path, monkeypatch):
    pictures = ClipPictures(clip)
    encode = pictures.encode
    monkeypatch.setattr(module, "write_network", lambda *_: None)
    monkeypatch.setattr(
        module, "OnnxPictures", lambda _: type("Other", (), {"encode": lambda _, contents: other(encode(contents))})()
    )
    with pytest.raises(EncoderError, match=r"of 'clip-pictures tiny-clip .*' gives other .*, by 0\.002; at most"):
        export_encoder(pictures, tmp_path)


def other(encoded: Encoded) -> Encoded:
    return Encoded(vectors=encoded.vectors + 0.002, problems={})

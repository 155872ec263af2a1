import pytest

from winnow.features.encoders.encoder_spec import EncoderSpec, encoder_spec
from winnow.schema.errors import EncoderError


def read(text):
    return encoder_spec(text, "pictures", ("clip", "other"), ("embedded",))


@pytest.mark.parametrize(
    ("text", "kind", "model"),
    [
        ("clip", "clip", None),
        ("embedded", "embedded", None),
        ("clip:openai/clip-vit-base-patch32", "clip", "openai/clip-vit-base-patch32"),
        ("other:./models/ours", "other", "./models/ours"),
        ("clip:C:/models/ours", "clip", "C:/models/ours"),
    ],
)
def test_a_model_stands_behind_the_first_colon(text, kind, model):
    assert read(text) == EncoderSpec(kind=kind, model=model)


@pytest.mark.parametrize("text", ["", ":", "CLIP", "clip ", "models/ours", "word2vec:x"])
def test_an_unknown_kind_is_answered_with_those_that_are(text):
    with pytest.raises(EncoderError, match=f"'{text}' is no encoder of pictures; there are: embedded, clip, other"):
        read(text)


def test_a_colon_without_a_model_is_refused():
    with pytest.raises(EncoderError, match="No model stands behind the colon of 'clip:'"):
        read("clip:")


@pytest.mark.parametrize("text", ["embedded:", "embedded:models/ours"])
def test_what_has_no_weights_takes_no_model(text):
    with pytest.raises(EncoderError, match="'embedded' has no weights; write embedded alone"):
        read(text)

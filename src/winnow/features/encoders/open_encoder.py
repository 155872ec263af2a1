"""An encoder by its spec. The networks' libraries are imported only when one of them is asked for.

Specs: `sentence-bert` and `clip`, alone or with a public id or a folder behind a colon; for pictures also `embedded`.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from winnow.features.encoders.encoder import PictureEncoder, TextEncoder
from winnow.features.encoders.encoder_spec import encoder_spec
from winnow.schema.errors import EncoderError

if TYPE_CHECKING:
    from winnow.features.encoders.clip import Clip

OF_TEXTS = ("sentence-bert", "clip")
OF_PICTURES = ("clip",)
WITHOUT_WEIGHTS = ("embedded",)


def open_text_encoder(spec: str) -> TextEncoder:
    """The encoder of texts that a spec names.

    Args:
        spec: such as `sentence-bert`, `sentence-bert:models/ours` or `clip:openai/clip-vit-base-patch16`.

    Raises:
        EncoderError: there is no such encoder, its packages are not installed, or its weights cannot be had.
    """
    asked = encoder_spec(spec, "texts", OF_TEXTS)
    with _packages(spec):
        if asked.kind == "clip":
            from winnow.features.encoders.clip_texts import ClipTexts  # noqa: PLC0415 - torch, which few need

            return ClipTexts(open_clip(asked.model))
        from winnow.features.encoders.sentence_bert import SentenceBert  # noqa: PLC0415 - torch, which few need

        return SentenceBert(asked.model) if asked.model else SentenceBert()


def open_image_encoder(spec: str) -> PictureEncoder:
    """The encoder of pictures that a spec names.

    Args:
        spec: such as `embedded`, `clip` or `clip:models/ours`.

    Raises:
        EncoderError: as for texts.
    """
    asked = encoder_spec(spec, "pictures", OF_PICTURES, WITHOUT_WEIGHTS)
    with _packages(spec):
        if asked.kind == "embedded":
            from winnow.features.encoders.picture_statistics import PictureStatistics  # noqa: PLC0415 - Pillow

            return PictureStatistics()
        from winnow.features.encoders.clip_pictures import ClipPictures  # noqa: PLC0415 - torch, which few need

        return ClipPictures(open_clip(asked.model))


def open_clip(model: str | None) -> "Clip":
    """The network alone, which an encoder of texts and one of pictures may share.

    Args:
        model: public id or folder; None for the default.

    Raises:
        EncoderError: as for texts.
    """
    with _packages("clip"):
        from winnow.features.encoders.clip import load_clip  # noqa: PLC0415 - torch, which few need

        return load_clip(model) if model else load_clip()


@contextmanager
def _packages(spec: str) -> Generator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("winnow"):
            raise
        raise EncoderError(
            f"The encoder '{spec}' needs the package '{error.name}': pip install 'winnow-recsys[multimodal]' brings it."
        ) from error
